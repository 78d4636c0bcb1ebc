package dev.trimtab.api.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What a cluster with KServe, Knative and Trimtab holds before the first model. */
public final class ClusterContents {
    public static final Path DEPLOY = Path.of("deploy", "webhook");

    private static final Set<String> WORKLOADS = Set.of("Deployment", "PodDisruptionBudget", "Service");

    private ClusterContents() {}

    /** Beside what is there already: Kubernetes, and Knative with its CRDs. */
    static void install(KubernetesClient admin) throws IOException {
        List<Path> crds;
        try (Stream<Path> files = Files.list(Installation.corpus().resolve("crds"))) {
            crds = files.filter(
                            it -> it.getFileName().toString().matches("(kserve|keda|istio|gatewayapi|aibrix)[-_.].*"))
                    .sorted()
                    .toList();
        }
        crds.forEach(file -> apply(admin, file));
        nodes(admin);
        if (admin.namespaces().withName("kserve").get() == null) {
            namespace(admin, "kserve", Map.of());
        }
        try (Stream<Path> files = Files.list(DEPLOY)) {
            files.filter(it -> it.getFileName().toString().matches("[0-9]+-.*\\.yaml"))
                    .sorted()
                    .forEach(it -> apply(admin, it));
        }
        Account.install(admin);
        // Tests install it when they want it.
        var unused = admin.apps()
                .deployments()
                .inNamespace("knative-serving")
                .withName("autoscaler-hpa")
                .delete();
        Eventually.holds("the CRDs are served", () -> established(admin));
    }

    /** So many that no test waits for the pods of another one, which end after their grace period. */
    private static void nodes(KubernetesClient admin) {
        Node first = admin.nodes().withName("gpu-0").get();
        for (int i = 4; i < 40; i++) {
            String name = "gpu-" + i;
            if (admin.nodes().withName(name).get() == null) {
                admin.resource(new NodeBuilder()
                                .withNewMetadata()
                                .withName(name)
                                .addToLabels("kubernetes.io/hostname", name)
                                .endMetadata()
                                .withNewStatus()
                                .withCapacity(first.getStatus().getCapacity())
                                .withAllocatable(first.getStatus().getAllocatable())
                                .endStatus()
                                .build())
                        .create();
            }
        }
    }

    static void namespace(KubernetesClient admin, String name, Map<String, String> labels) {
        admin.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withLabels(labels)
                        .endMetadata()
                        .build())
                .create();
    }

    /** What of a file is no process, no part of cert-manager and no webhook. */
    private static void apply(KubernetesClient admin, Path file) {
        try (InputStream yaml = Files.newInputStream(file)) {
            for (HasMetadata object : admin.load(yaml).items()) {
                if (!WORKLOADS.contains(object.getKind())
                        && !object.getApiVersion().startsWith("cert-manager.io/")
                        && !object.getKind().endsWith("WebhookConfiguration")) {
                    admin.resource(object).forceConflicts().serverSideApply();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean established(KubernetesClient admin) {
        return admin.apiextensions().v1().customResourceDefinitions().list().getItems().stream()
                .allMatch(crd -> crd.getStatus() != null
                        && crd.getStatus().getConditions().stream()
                                .anyMatch(it -> it.getType().equals("Established")
                                        && it.getStatus().equals("True")));
    }
}

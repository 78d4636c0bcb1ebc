package dev.trimtab.api;

import dev.trimtab.knative.KnativeConfig;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a cluster with KServe, Knative and Trimtab holds before the first model. */
final class ClusterContents {
    static final Path DEPLOY = Path.of("deploy", "webhook");

    /** Kubernetes sets it by itself from 1.21; the API server here is older. */
    static final String NAME_LABEL = "kubernetes.io/metadata.name";

    private ClusterContents() {}

    static void install(KubernetesClient admin) throws IOException {
        List<Path> crds;
        try (Stream<Path> files = Files.list(Installation.corpus().resolve("crds"))) {
            crds = files.filter(it ->
                            it.getFileName().toString().matches("(knative|kserve|keda|istio|gatewayapi|aibrix)[-_.].*"))
                    .sorted()
                    .toList();
        }
        crds.forEach(file -> create(admin, file));
        for (String name : List.of("knative-serving", "kserve")) {
            namespace(admin, name, Map.of(NAME_LABEL, name));
        }
        admin.namespaces().withName("kube-system").edit(it -> new NamespaceBuilder(it)
                .editMetadata()
                .addToLabels(NAME_LABEL, "kube-system")
                .endMetadata()
                .build());
        for (String name : KnativeConfig.CONFIG_MAPS) {
            admin.resource(new ConfigMapBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .withNamespace("knative-serving")
                            .endMetadata()
                            .build())
                    .create();
        }
        List.of("00-namespace.yaml", "20-rbac.yaml", "22-knative.yaml", "25-controller.yaml")
                .forEach(it -> create(admin, DEPLOY.resolve(it)));
        Eventually.holds("the CRDs are served", () -> established(admin, crds.size()));
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

    private static void create(KubernetesClient admin, Path file) {
        try (InputStream yaml = Files.newInputStream(file)) {
            admin.load(yaml).create();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean established(KubernetesClient admin, int expected) {
        List<CustomResourceDefinition> all =
                admin.apiextensions().v1().customResourceDefinitions().list().getItems();
        return all.size() == expected
                && all.stream()
                        .allMatch(crd -> crd.getStatus() != null
                                && crd.getStatus().getConditions().stream()
                                        .anyMatch(it -> it.getType().equals("Established")
                                                && it.getStatus().equals("True")));
    }
}

package dev.trimtab.controller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.AutoscalerConfig;
import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.lifecycle.RevisionRepair;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.review.Reviewer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Makes the Revisions of a cluster legal again after its {@code config-autoscaler} was tightened. */
public final class RevisionRepairs {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PATH = "/apis/serving.knative.dev/v1";
    private static final int PAGE = 500;
    private static final int ATTEMPTS = 5;

    private static final ResourceDefinitionContext REVISIONS = new ResourceDefinitionContext.Builder()
            .withGroup("serving.knative.dev")
            .withVersion("v1")
            .withKind("Revision")
            .withPlural("revisions")
            .withNamespaced(true)
            .build();

    private static final PatchContext PATCH = new PatchContext.Builder()
            .withPatchType(PatchType.JSON)
            .withFieldManager("trimtab-controller")
            .build();

    private final KubernetesClient client;
    private final Predicate<String> excludedNamespaces;
    private final RepairListener listener;

    /** @param excludedNamespaces where nothing is touched; asked only for Revisions that would be patched */
    public RevisionRepairs(KubernetesClient client, Predicate<String> excludedNamespaces, RepairListener listener) {
        this.client = client;
        this.excludedNamespaces = excludedNamespaces;
        this.listener = listener;
    }

    /**
     * Looks at every Revision, and patches those that Knative no longer accepts. May be called again at any time.
     *
     * @return how many it patched; 0 on a cluster without Revisions
     * @throws KubernetesClientException where the API server is away, also in between: what is left is found again
     */
    public int run(KnativeConfig cluster) {
        int repaired = 0;
        for (Manifest revision : illegal(cluster.autoscaler())) {
            repaired += repair(revision, cluster.autoscaler()) ? 1 : 0;
        }
        return repaired;
    }

    /** All pages before the first patch: a list that takes long expires. Few of a cluster's Revisions are illegal. */
    private List<Manifest> illegal(AutoscalerConfig cluster) {
        List<Manifest> illegal = new ArrayList<>();
        String next = "";
        do {
            String query = "?limit=" + PAGE + (next.isEmpty() ? "" : "&continue=" + encoded(next));
            Optional<ObjectNode> page = read(PATH + "/revisions" + query);
            page.ifPresent(it -> it.path("items").forEach(item -> {
                if (item instanceof ObjectNode object
                        && repairOf(new Manifest(object), cluster).isPresent()) {
                    illegal.add(new Manifest(object));
                }
            }));
            next = page.map(it -> it.at("/metadata/continue").asText("")).orElse("");
        } while (!next.isEmpty());
        return illegal;
    }

    private Optional<RevisionRepair> repairOf(Manifest revision, AutoscalerConfig cluster) {
        boolean ignored = "true".equals(revision.labels().get(Reviewer.IGNORE));
        return ignored
                ? Optional.empty()
                : RevisionRepair.of(revision, cluster).filter(it -> !excludedNamespaces.test(revision.namespace()));
    }

    private boolean repair(Manifest listed, AutoscalerConfig cluster) {
        Manifest revision = listed;
        for (int attempt = 1; ; attempt++) {
            Optional<RevisionRepair> repair = repairOf(revision, cluster);
            if (repair.isEmpty()) {
                // Somebody else was faster.
                return false;
            }
            Optional<Refusal> refusal = patch(revision, repair.get());
            if (refusal.isEmpty()) {
                listener.repaired(revision, repair.get().reason());
                return true;
            }
            Optional<Manifest> now = find(revision);
            if (now.isEmpty()) {
                return false;
            }
            boolean changed = !version(now.get()).equals(version(revision));
            if (attempt == ATTEMPTS || !refusal.get().mayPass(changed)) {
                listener.refused(revision, refusal.get().why());
                return false;
            }
            revision = now.get();
        }
    }

    private static String version(Manifest revision) {
        return revision.metadata().path("resourceVersion").asText("");
    }

    private Optional<Refusal> patch(Manifest revision, RevisionRepair repair) {
        try {
            boolean there = client.genericKubernetesResources(REVISIONS)
                            .inNamespace(revision.namespace())
                            .withName(revision.name())
                            .patch(PATCH, repair.patch().toString())
                    != null;
            return there ? Optional.empty() : Optional.of(Refusal.GONE);
        } catch (KubernetesClientException problem) {
            return Optional.of(Refusal.of(problem));
        }
    }

    private Optional<Manifest> find(Manifest revision) {
        return read("%s/namespaces/%s/revisions/%s"
                        .formatted(PATH, encoded(revision.namespace()), encoded(revision.name())))
                .map(Manifest::new);
    }

    /** Empty where it is not there. */
    private Optional<ObjectNode> read(String path) {
        return Optional.ofNullable(client.raw(path)).map(RevisionRepairs::json);
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException noJson) {
            throw new KubernetesClientException("is no API server: " + noJson.getOriginalMessage());
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}

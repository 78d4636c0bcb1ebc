package dev.trimtab.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.Api.Kind;
import dev.trimtab.knative.AutoscalerConfig;
import dev.trimtab.kserve.Rendering;
import dev.trimtab.manifest.Manifest;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * KServe's reconcile of an object's Knative Services (kserve 0.20, ksvc_reconciler.go): create it where there is none;
 * else a dry-run UPDATE of the Service as KServe renders it, a comparison of the answer with what is stored, and a real
 * UPDATE of the stored one with what differs, also where nothing does.
 *
 * @param cluster Knative's configuration, which KServe reads as well
 */
record FakeKserve(Api api, Supplier<AutoscalerConfig> cluster) {
    private static final int ATTEMPTS = 20;
    private static final String ENABLE_SERVICE_LINKS = "/spec/template/spec/enableServiceLinks";
    private static final List<String> COPIED =
            List.of("serving.knative.dev/creator", "serving.knative.dev/lastModifier");

    /** One round for every Service of the object. */
    void reconcile(Kind kind, String namespace, String name) {
        Manifest object = new Manifest(api.get(kind, namespace, name));
        Rendering.workloads(object, cluster.get())
                .forEach((component, rendered) -> reconcile(complete(object, component, rendered)));
    }

    /** KServe tries again on a conflict. */
    private void reconcile(ObjectNode desired) {
        for (int attempt = 1; ; attempt++) {
            try {
                reconcileOnce(desired.deepCopy());
                return;
            } catch (KubernetesClientException conflict) {
                if (conflict.getCode() != 409 || attempt == ATTEMPTS) {
                    throw conflict;
                }
            }
        }
    }

    private void reconcileOnce(ObjectNode desired) {
        String namespace = desired.at("/metadata/namespace").asText();
        String name = desired.at("/metadata/name").asText();
        Optional<ObjectNode> stored = api.find(Kind.KNATIVE_SERVICE, namespace, name);
        if (stored.isEmpty()) {
            api.create(Kind.KNATIVE_SERVICE, desired);
            return;
        }
        ObjectNode existing = stored.get();
        desired.withObject("/metadata").set("resourceVersion", existing.at("/metadata/resourceVersion"));
        ObjectNode annotations = desired.withObject("/metadata").withObject("/annotations");
        COPIED.forEach(key -> annotations.set(
                key, existing.path("metadata").path("annotations").path(key)));
        ObjectNode dryRun = api.dryRunUpdate(Kind.KNATIVE_SERVICE, desired);
        if (!sameForKserve(dryRun, existing)) {
            takeOver(dryRun, existing);
        }
        api.update(Kind.KNATIVE_SERVICE, existing);
    }

    private static boolean sameForKserve(JsonNode one, JsonNode other) {
        return List.of("/spec", "/metadata/labels").stream()
                .allMatch(at -> one.at(at).equals(other.at(at)));
    }

    private static void takeOver(ObjectNode dryRun, ObjectNode existing) {
        // Knative fills it in on CREATE only.
        JsonNode links = existing.at(ENABLE_SERVICE_LINKS);
        if (dryRun.at(ENABLE_SERVICE_LINKS).isMissingNode() && links.isBoolean() && !links.booleanValue()) {
            dryRun.withObject("/spec/template/spec").put("enableServiceLinks", false);
        }
        ObjectNode spec = existing.withObject("/spec");
        spec.set("template", dryRun.at("/spec/template"));
        spec.set("traffic", dryRun.at("/spec/traffic"));
        existing.withObject("/metadata").set("labels", dryRun.at("/metadata/labels"));
    }

    /** What the rendering leaves out: owner, containers, traffic. */
    private static ObjectNode complete(Manifest object, String component, ObjectNode rendered) {
        boolean graph = component.equals("graph");
        ObjectNode metadata = rendered.withObject("/metadata");
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", object.apiVersion())
                .put("kind", object.kindName())
                .put("name", object.name())
                .put("uid", object.metadata().path("uid").asText())
                .put("controller", true)
                .put("blockOwnerDeletion", true);
        ObjectNode pod = rendered.withObject("/spec/template/spec");
        JsonNode written = object.root().path("spec").path(component).path("containers");
        if (written.isArray()) {
            pod.set("containers", written);
        } else {
            container(pod.putArray("containers").addObject(), graph);
        }
        rendered.withObject("/spec")
                .putArray("traffic")
                .addObject()
                .put("latestRevision", true)
                .put("percent", 100);
        return rendered;
    }

    private static void container(ObjectNode container, boolean graph) {
        if (graph) {
            container.put("name", "user-container").put("image", "kserve/router:v0.20.0");
            container
                    .withObject("/readinessProbe/httpGet")
                    .put("path", "/readyz")
                    .put("port", 8080);
        } else {
            container.put("name", "kserve-container").put("image", "kserve/sklearnserver:v0.20.0");
            container.putArray("args").add("--model_dir=/mnt/models").add("--http_port=8080");
        }
        // Not in the canonical form, as a ServingRuntime may have it.
        container.withObject("/resources/requests").put("cpu", "1000m").put("memory", "2048Mi");
    }
}

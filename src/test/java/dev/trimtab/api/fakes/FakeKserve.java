package dev.trimtab.api.fakes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.Api.Kind;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * KServe's reconcile of an object's Knative Services (kserve 0.20, ksvc_reconciler.go): create it where there is none;
 * else a dry-run UPDATE of the Service as KServe renders it, a comparison of the answer with what is stored, and a real
 * UPDATE of the stored one with what differs, also where nothing does.
 *
 * @param zeroAllowed {@code allow-zero-initial-scale} of config-autoscaler, which KServe reads as well
 */
public record FakeKserve(Api api, BooleanSupplier zeroAllowed) {
    private static final int ATTEMPTS = 20;
    private static final String ENABLE_SERVICE_LINKS = "/spec/template/spec/enableServiceLinks";
    private static final List<String> COPIED =
            List.of("serving.knative.dev/creator", "serving.knative.dev/lastModifier");

    /** One round for every Service of the object. */
    public void reconcile(Kind kind, String namespace, String name) {
        ObjectNode object = api.get(kind, namespace, name);
        KserveServices.of(object, zeroAllowed.getAsBoolean()).forEach(this::reconcile);
    }

    /** One round for a Service as KServe renders it. KServe tries again on a conflict. */
    public void reconcile(ObjectNode desired) {
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
}

package dev.trimtab.autoscalers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.autoscalers.ClusterView.Scaler;
import dev.trimtab.autoscalers.ClusterView.Workload;
import dev.trimtab.autoscalers.PodAutoscaler.Target;
import dev.trimtab.gpu.GpuCount;
import dev.trimtab.gpu.GpuFamily;
import dev.trimtab.manifest.Annotations;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Quantities;
import dev.trimtab.rules.AuthorHint;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads what the checks need of objects on the cluster, and drops the rest. */
public final class ClusterObjects {
    public static final String GROUP = "autoscaling.aibrix.ai";

    private static final String VERSION = "v1alpha1";
    private static final List<String> KEPT = List.of("name", "namespace", "uid", "labels", "deletionTimestamp");

    /** A whole copy of the object, which no check reads. */
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private static final String REQUESTS = "requests.";

    public static final String DEFINITION = "podautoscalers." + GROUP;

    private ClusterObjects() {}

    /** Adds an object of any kind to what is known. */
    public static ClusterView with(ClusterView known, Manifest object) {
        String key = object.namespace() + "/" + object.name();
        return switch (object.kindName()) {
            case "PodAutoscaler" -> object.kind() == Kind.POD_AUTOSCALER ? known.with(autoscaler(object)) : known;
            case "HorizontalPodAutoscaler", "ScaledObject" ->
                scaler(object)
                        .map(it -> known.withScaler(object.kindName() + "/" + key, it))
                        .orElse(known);
            case "Deployment" ->
                workload(object)
                        .map(it -> known.withWorkload(object.namespace(), object.name(), it))
                        .orElse(known);
            case "ResourceQuota" -> quota(object).isEmpty() ? known : known.withGpuQuota(key, quota(object));
            case "CustomResourceDefinition" ->
                object.name().equals(DEFINITION) ? known.withWindowFields(hasWindowFields(object)) : known;
            default -> known;
        };
    }

    /** Without status, which AIBrix writes all the time, and managed fields. */
    public static PodAutoscaler autoscaler(Manifest object) {
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        kept.put("apiVersion", object.apiVersion()).put("kind", object.kindName());
        ObjectNode metadata = kept.putObject("metadata");
        for (String field : KEPT) {
            if (object.metadata().has(field)) {
                metadata.set(field, object.metadata().get(field));
            }
        }
        if (object.metadata().path("annotations") instanceof ObjectNode annotations) {
            metadata.set("annotations", annotations.deepCopy().without(LAST_APPLIED));
        }
        kept.set("spec", object.root().path("spec"));
        return new PodAutoscaler(kept, object.namespace());
    }

    /**
     * The target of a HorizontalPodAutoscaler or a ScaledObject of KEDA. Empty if AIBrix or KEDA made the
     * HorizontalPodAutoscaler: its owner counts already.
     */
    public static Optional<Scaler> scaler(Manifest object) {
        if (isOwnedBy(object, GROUP, "PodAutoscaler") || isOwnedBy(object, "keda.sh", "ScaledObject")) {
            return Optional.empty();
        }
        // KEDA fills in what is left out (keda 2.17, scaledobject_types.go); a HorizontalPodAutoscaler names all.
        JsonNode reference = object.root().at("/spec/scaleTargetRef");
        String apiVersion = reference.path("apiVersion").asText("");
        String kind = reference.path("kind").asText("");
        Target target = Target.of(
                object.namespace(),
                apiVersion.isEmpty() ? "apps/v1" : apiVersion,
                kind.isEmpty() ? "Deployment" : kind,
                reference.path("name").asText(""));
        return Optional.of(new Scaler(object.kindName() + " " + object.name(), target));
    }

    /** Empty if the Deployment tells nothing. */
    public static Optional<Workload> workload(Manifest deployment) {
        JsonNode template = deployment.root().at("/spec/template");
        OptionalInt startup = AuthorHint.STARTUP.written(deployment.annotations());
        if (startup.isEmpty()) {
            startup = AuthorHint.STARTUP.written(new Annotations(template.at("/metadata/annotations")));
        }
        Workload workload = new Workload(owner(deployment), GpuCount.ofPod(template), startup);
        boolean silent = workload.owner().isEmpty()
                && workload.gpus().isNone()
                && workload.startupSeconds().isEmpty();
        return silent ? Optional.empty() : Optional.of(workload);
    }

    private static String owner(Manifest deployment) {
        for (JsonNode owner : deployment.metadata().path("ownerReferences")) {
            if (is(owner, "serving.knative.dev", "Revision")) {
                return "Knative Revision " + owner.path("name").asText("");
            }
        }
        String service = deployment.labels().getOrDefault(KnativeService.INFERENCE_SERVICE_LABEL, "");
        return service.isEmpty() ? "" : "InferenceService " + service;
    }

    /** The GPUs that a ResourceQuota allows; one with a scope tells nothing. */
    public static Map<String, BigDecimal> quota(Manifest quota) {
        JsonNode spec = quota.root().path("spec");
        if (!spec.path("scopes").isEmpty() || !spec.path("scopeSelector").isEmpty()) {
            return Map.of();
        }
        Map<String, BigDecimal> allowed = new HashMap<>();
        spec.path("hard").properties().forEach(entry -> {
            String resource =
                    entry.getKey().startsWith(REQUESTS) ? entry.getKey().substring(REQUESTS.length()) : "";
            if (GpuFamily.of(resource).isPresent()) {
                Quantities.amount(entry.getValue()).ifPresent(amount -> allowed.put(resource, amount));
            }
        });
        return allowed;
    }

    /** Whether the CustomResourceDefinition of PodAutoscalers has the windows as fields. */
    public static boolean hasWindowFields(Manifest definition) {
        for (JsonNode version : definition.root().at("/spec/versions")) {
            if (version.path("name").asText("").equals(VERSION)) {
                return version.at("/schema/openAPIV3Schema/properties/spec/properties")
                        .has("observeWindowSeconds");
            }
        }
        return false;
    }

    private static boolean isOwnedBy(Manifest object, String group, String kind) {
        for (JsonNode owner : object.metadata().path("ownerReferences")) {
            if (is(owner, group, kind)) {
                return true;
            }
        }
        return false;
    }

    private static boolean is(JsonNode owner, String group, String kind) {
        return owner.path("kind").asText("").equals(kind)
                && owner.path("apiVersion").asText("").startsWith(group + "/");
    }
}

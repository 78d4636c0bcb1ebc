package dev.trimtab.autoscalers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.autoscalers.PodAutoscaler.Target;
import dev.trimtab.gpu.GpuCount;
import dev.trimtab.gpu.GpuFamily;
import dev.trimtab.manifest.Annotations;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Namespaced;
import dev.trimtab.manifest.Quantities;
import dev.trimtab.rules.AuthorHint;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The other objects that bear on a PodAutoscaler, as one immutable snapshot.
 *
 * @param scalers by kind and name of the object that scales, such as {@code ScaledObject/llama}
 * @param workloads Deployments
 * @param gpuQuotas by the name of the ResourceQuota; 0 is a limit too
 * @param hasWindowFields whether the CRD has {@code observeWindowSeconds}: AIBrix up to 0.7 does not
 */
public record ClusterView(
        Namespaced<PodAutoscaler> autoscalers,
        Namespaced<Scaler> scalers,
        Namespaced<Workload> workloads,
        Namespaced<Map<String, BigDecimal>> gpuQuotas,
        boolean hasWindowFields) {
    public static final String GROUP = "autoscaling.aibrix.ai";

    private static final String VERSION = "v1alpha1";
    private static final List<String> KEPT = List.of("name", "namespace", "uid", "labels", "deletionTimestamp");

    /** A whole copy of the object, which no check reads. */
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private static final String REQUESTS = "requests.";

    public static final String DEFINITION = "podautoscalers." + GROUP;

    public static final ClusterView UNKNOWN =
            new ClusterView(Namespaced.empty(), Namespaced.empty(), Namespaced.empty(), Namespaced.empty(), false);

    /**
     * A Deployment.
     *
     * @param owner that makes it, and writes its replicas: {@code Knative Revision x} or {@code InferenceService y};
     *     may be empty
     * @param gpus of one pod
     * @param startupSeconds by its author
     */
    public record Workload(String owner, GpuCount gpus, OptionalInt startupSeconds) {
        public Workload {
            Objects.requireNonNull(startupSeconds);
        }
    }

    public ClusterView with(PodAutoscaler autoscaler) {
        return withAutoscalers(autoscalers.with(autoscaler.namespace(), autoscaler.name(), autoscaler));
    }

    public ClusterView withoutAutoscaler(String namespace, String name) {
        return withAutoscalers(autoscalers.without(namespace, name));
    }

    private ClusterView withAutoscalers(Namespaced<PodAutoscaler> now) {
        return new ClusterView(now, scalers, workloads, gpuQuotas, hasWindowFields);
    }

    /** Takes a HorizontalPodAutoscaler or a ScaledObject. */
    public ClusterView withScaler(Manifest object) {
        return scaler(object)
                .map(it -> withScalers(scalers.with(object.namespace(), scalerKey(object), it)))
                .orElseGet(() -> withoutScaler(object));
    }

    public ClusterView withoutScaler(Manifest object) {
        return withScalers(scalers.without(object.namespace(), scalerKey(object)));
    }

    private ClusterView withScalers(Namespaced<Scaler> now) {
        return new ClusterView(autoscalers, now, workloads, gpuQuotas, hasWindowFields);
    }

    private static String scalerKey(Manifest object) {
        return object.kindName() + "/" + object.name();
    }

    public ClusterView withWorkload(Manifest deployment) {
        return workload(deployment)
                .map(it -> withWorkloads(workloads.with(deployment.namespace(), deployment.name(), it)))
                .orElseGet(() -> withoutWorkload(deployment));
    }

    public ClusterView withoutWorkload(Manifest deployment) {
        return withWorkloads(workloads.without(deployment.namespace(), deployment.name()));
    }

    private ClusterView withWorkloads(Namespaced<Workload> now) {
        return new ClusterView(autoscalers, scalers, now, gpuQuotas, hasWindowFields);
    }

    public ClusterView withGpuQuota(Manifest quota) {
        Map<String, BigDecimal> allowed = quota(quota);
        return allowed.isEmpty()
                ? withoutGpuQuota(quota)
                : withGpuQuotas(gpuQuotas.with(quota.namespace(), quota.name(), allowed));
    }

    public ClusterView withoutGpuQuota(Manifest quota) {
        return withGpuQuotas(gpuQuotas.without(quota.namespace(), quota.name()));
    }

    private ClusterView withGpuQuotas(Namespaced<Map<String, BigDecimal>> now) {
        return new ClusterView(autoscalers, scalers, workloads, now, hasWindowFields);
    }

    public ClusterView withWindowFields(boolean known) {
        return new ClusterView(autoscalers, scalers, workloads, gpuQuotas, known);
    }

    /** All PodAutoscalers in the order of their names, so that a message is the same on each replica. */
    public Stream<PodAutoscaler> inOrder() {
        return autoscalers.byNamespace().values().stream()
                .flatMap(it -> it.values().stream())
                .sorted(Comparator.comparing(PodAutoscaler::namespace).thenComparing(PodAutoscaler::name));
    }

    /** The lowest of all quotas of a namespace. */
    Optional<BigDecimal> quotaOf(String namespace, String resource) {
        return gpuQuotas.in(namespace).values().stream()
                .map(it -> it.get(resource))
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder());
    }

    /** By the author of the target. */
    public OptionalInt startupSecondsOf(PodAutoscaler autoscaler) {
        return autoscaler
                .target()
                .flatMap(this::workloadOf)
                .map(Workload::startupSeconds)
                .orElse(OptionalInt.empty());
    }

    Optional<Workload> workloadOf(Target target) {
        return Optional.of(target)
                .filter(Target::isDeployment)
                .flatMap(it -> workloads.find(it.namespace(), it.name()));
    }

    /** Without those that are being deleted, in the order of their names. */
    List<PodAutoscaler> othersThan(PodAutoscaler one) {
        return inOrder().filter(it -> !it.isSame(one) && !it.isBeingDeleted()).toList();
    }

    /** Scalers of a target. They are all in the target's namespace. */
    Stream<Scaler> scalersOf(Target target) {
        return scalers.in(target.namespace()).values().stream()
                .filter(it -> it.target().equals(target))
                .sorted(Comparator.comparing(Scaler::what));
    }

    /** Adds what an object of any kind tells. */
    public ClusterView with(Manifest object) {
        return switch (object.kindName()) {
            case "PodAutoscaler" -> object.kind() == Kind.POD_AUTOSCALER ? with(autoscaler(object)) : this;
            case "HorizontalPodAutoscaler", "ScaledObject" -> withScaler(object);
            case "Deployment" -> withWorkload(object);
            case "ResourceQuota" -> withGpuQuota(object);
            case "CustomResourceDefinition" ->
                object.name().equals(DEFINITION) ? withWindowFields(hasWindowFields(object)) : this;
            default -> this;
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
    private static Optional<Scaler> scaler(Manifest object) {
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
    static Optional<Workload> workload(Manifest deployment) {
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
    static Map<String, BigDecimal> quota(Manifest quota) {
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
        return Map.copyOf(allowed);
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

    /**
     * What else writes the replicas of a target.
     *
     * @param what such as {@code HorizontalPodAutoscaler llama}
     */
    public record Scaler(String what, Target target) {}
}

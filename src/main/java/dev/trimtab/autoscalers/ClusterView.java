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
import dev.trimtab.manifest.Quantities;
import dev.trimtab.rules.AuthorHint;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The other objects that bear on a PodAutoscaler, as one immutable snapshot.
 *
 * @param autoscalers by namespace and name
 * @param scalers by namespace, kind and name of the object that scales
 * @param workloads Deployments, by namespace and name
 * @param gpuQuotas by namespace and name of the ResourceQuota; 0 is a limit too
 * @param hasWindowFields whether the CRD has {@code observeWindowSeconds}: AIBrix up to 0.7 does not
 */
public record ClusterView(
        Map<String, PodAutoscaler> autoscalers,
        Map<String, Scaler> scalers,
        Map<String, Workload> workloads,
        Map<String, Map<String, BigDecimal>> gpuQuotas,
        boolean hasWindowFields) {
    public static final String GROUP = "autoscaling.aibrix.ai";

    private static final String VERSION = "v1alpha1";
    private static final List<String> KEPT = List.of("name", "namespace", "uid", "labels", "deletionTimestamp");

    /** A whole copy of the object, which no check reads. */
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    private static final String REQUESTS = "requests.";

    public static final String DEFINITION = "podautoscalers." + GROUP;

    public static final ClusterView UNKNOWN = new ClusterView(Map.of(), Map.of(), Map.of(), Map.of(), false);

    public ClusterView {
        // In order, so that a message is the same on each replica.
        autoscalers = Collections.unmodifiableSortedMap(new TreeMap<>(autoscalers));
        scalers = Map.copyOf(scalers);
        workloads = Map.copyOf(workloads);
        gpuQuotas = Map.copyOf(gpuQuotas);
    }

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
        return new ClusterView(
                put(autoscalers, autoscaler.namespace() + "/" + autoscaler.name(), autoscaler),
                scalers,
                workloads,
                gpuQuotas,
                hasWindowFields);
    }

    public ClusterView withoutAutoscaler(String namespace, String name) {
        return new ClusterView(
                remove(autoscalers, namespace + "/" + name), scalers, workloads, gpuQuotas, hasWindowFields);
    }

    public ClusterView withScaler(String key, Scaler scaler) {
        return new ClusterView(autoscalers, put(scalers, key, scaler), workloads, gpuQuotas, hasWindowFields);
    }

    public ClusterView withoutScaler(String key) {
        return new ClusterView(autoscalers, remove(scalers, key), workloads, gpuQuotas, hasWindowFields);
    }

    public ClusterView withWorkload(String namespace, String name, Workload workload) {
        return new ClusterView(
                autoscalers, scalers, put(workloads, namespace + "/" + name, workload), gpuQuotas, hasWindowFields);
    }

    public ClusterView withoutWorkload(String namespace, String name) {
        return new ClusterView(
                autoscalers, scalers, remove(workloads, namespace + "/" + name), gpuQuotas, hasWindowFields);
    }

    /** @param quota such as {@code ml/gpus} */
    public ClusterView withGpuQuota(String quota, Map<String, BigDecimal> gpus) {
        return new ClusterView(
                autoscalers, scalers, workloads, put(gpuQuotas, quota, Map.copyOf(gpus)), hasWindowFields);
    }

    public ClusterView withoutGpuQuota(String quota) {
        return new ClusterView(autoscalers, scalers, workloads, remove(gpuQuotas, quota), hasWindowFields);
    }

    /** The lowest of all quotas of a namespace. */
    Optional<BigDecimal> quotaOf(String namespace, String resource) {
        return gpuQuotas.entrySet().stream()
                .filter(it -> it.getKey().startsWith(namespace + "/"))
                .map(it -> it.getValue().get(resource))
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
                .map(it -> workloads.get(it.namespace() + "/" + it.name()));
    }

    public ClusterView withWindowFields(boolean known) {
        return new ClusterView(autoscalers, scalers, workloads, gpuQuotas, known);
    }

    /** Without those that are being deleted, in the order of their names. */
    List<PodAutoscaler> othersThan(PodAutoscaler one) {
        return autoscalers.values().stream()
                .filter(it -> !it.isSame(one) && !it.isBeingDeleted())
                .toList();
    }

    Stream<Scaler> scalersOf(Target target) {
        return scalers.values().stream()
                .filter(it -> it.target().equals(target))
                .sorted(Comparator.comparing(Scaler::what));
    }

    /** Adds what an object of any kind tells. */
    public ClusterView with(Manifest object) {
        String key = object.namespace() + "/" + object.name();
        return switch (object.kindName()) {
            case "PodAutoscaler" -> object.kind() == Kind.POD_AUTOSCALER ? with(autoscaler(object)) : this;
            case "HorizontalPodAutoscaler", "ScaledObject" ->
                scaler(object)
                        .map(it -> withScaler(object.kindName() + "/" + key, it))
                        .orElse(this);
            case "Deployment" ->
                workload(object)
                        .map(it -> withWorkload(object.namespace(), object.name(), it))
                        .orElse(this);
            case "ResourceQuota" -> quota(object).isEmpty() ? this : withGpuQuota(key, quota(object));
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

    private static <V> Map<String, V> put(Map<String, V> map, String key, V value) {
        Map<String, V> changed = new HashMap<>(map);
        changed.put(key, value);
        return changed;
    }

    private static <V> Map<String, V> remove(Map<String, V> map, String key) {
        Map<String, V> changed = new HashMap<>(map);
        changed.remove(key);
        return changed;
    }

    /**
     * What else writes the replicas of a target.
     *
     * @param what such as {@code HorizontalPodAutoscaler llama}
     */
    public record Scaler(String what, Target target) {}
}

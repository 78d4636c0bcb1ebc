package dev.trimtab.autoscalers;

import dev.trimtab.autoscalers.PodAutoscaler.Target;
import dev.trimtab.gpu.GpuCount;
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

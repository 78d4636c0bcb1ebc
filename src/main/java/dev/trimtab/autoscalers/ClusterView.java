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
 * What is known besides one PodAutoscaler: the others, and what else is on the cluster. Immutable: a change makes another
 * one, so that no review sees half of it.
 *
 * @param autoscalers by namespace and name
 * @param scalers by namespace, kind and name of whoever scales something
 * @param workloads what is known of Deployments, by namespace and name
 * @param gpuQuotas how many of which GPU resource a ResourceQuota allows, by its namespace and name; 0 is a limit too
 * @param hasWindowFields whether the CRD of this AIBrix has {@code observeWindowSeconds}: releases up to 0.7 do not
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
     * @param owner who makes it, and so its replicas: {@code Knative Revision x} or {@code InferenceService y}; empty where
     *     it is nobody whom Trimtab knows
     * @param gpus of one pod
     * @param startupSeconds how long one of its pods takes to start, where its author says so
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

    /** @param key of whoever scales, unique on the cluster */
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

    /** @param quota such as {@code ml/gpus}: a namespace may have several */
    public ClusterView withGpuQuota(String quota, Map<String, BigDecimal> gpus) {
        return new ClusterView(
                autoscalers, scalers, workloads, put(gpuQuotas, quota, Map.copyOf(gpus)), hasWindowFields);
    }

    public ClusterView withoutGpuQuota(String quota) {
        return new ClusterView(autoscalers, scalers, workloads, remove(gpuQuotas, quota), hasWindowFields);
    }

    /** How many of a resource all quotas of a namespace allow; empty where none is about it. */
    Optional<BigDecimal> quotaOf(String namespace, String resource) {
        return gpuQuotas.entrySet().stream()
                .filter(it -> it.getKey().startsWith(namespace + "/"))
                .map(it -> it.getValue().get(resource))
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder());
    }

    /** What the author of the target says its pods take to start. */
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

    /** The others that are not on their way out, in the order of their names. */
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
     * Somebody besides AIBrix who writes the replicas of a target.
     *
     * @param what such as {@code HorizontalPodAutoscaler llama}
     */
    public record Scaler(String what, Target target) {}
}

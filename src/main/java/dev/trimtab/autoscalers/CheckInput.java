package dev.trimtab.autoscalers;

import dev.trimtab.autoscalers.PodAutoscaler.MetricSource;
import dev.trimtab.autoscalers.PodAutoscaler.Target;
import dev.trimtab.policy.Policy.Aibrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One PodAutoscaler and all that a check may know.
 *
 * @param startupSeconds how long a pod of the target takes to start
 */
public record CheckInput(PodAutoscaler autoscaler, ClusterView cluster, Aibrix policy, OptionalInt startupSeconds) {
    /** A metric source, and another PodAutoscaler that collides with it. */
    record Shared(MetricSource source, PodAutoscaler other) {}

    interface Collision {
        boolean between(MetricSource source, PodAutoscaler other, MetricSource its);
    }

    /** The others with the same target, or a part of it. */
    List<PodAutoscaler> othersOfItsTarget() {
        Optional<Target> target = autoscaler.target();
        return cluster.othersThan(autoscaler).stream()
                .filter(other -> target.isPresent() && other.target().equals(target))
                .toList();
    }

    /** By PodAutoscaler, then in the order of the sources; each pair once. */
    List<Shared> shared(Collision collision) {
        List<Shared> shared = new ArrayList<>();
        for (PodAutoscaler other : cluster.othersThan(autoscaler)) {
            List<MetricSource> theirs = other.sources();
            autoscaler.sources().stream()
                    .filter(source -> theirs.stream().anyMatch(its -> collision.between(source, other, its)))
                    .forEach(source -> shared.add(new Shared(source, other)));
        }
        return shared;
    }
}

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
 * @param policy what the policy says about checks
 * @param startupSeconds how long a pod of the target takes to start, from an annotation or a profile
 */
public record CheckInput(PodAutoscaler autoscaler, ClusterView cluster, Aibrix policy, OptionalInt startupSeconds) {
    /** One of its sources, and another PodAutoscaler that has one in its way. */
    record Shared(MetricSource source, PodAutoscaler other) {}

    /** Whether two sources of two PodAutoscalers are in each other's way. */
    interface Collision {
        boolean between(MetricSource source, PodAutoscaler other, MetricSource its);
    }

    /** The others that scale what it scales, or a part of it. */
    List<PodAutoscaler> othersOfItsTarget() {
        Optional<Target> target = autoscaler.target();
        return cluster.othersThan(autoscaler).stream()
                .filter(other -> target.isPresent() && other.target().equals(target))
                .toList();
    }

    /** By the other one, then in the order of its sources; each pair once. */
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

package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Two sources of one PodAutoscaler name the same {@code targetMetric}. AIBrix keys windows and targets by that
 * name alone (types/core.go 28-40): the last target value counts for both, and their values are mixed.
 *
 * <p>Keep one of them, or two PodAutoscalers with a target each.
 */
final class RepeatedMetricCheck implements Check {
    @Override
    public AibrixCheck id() {
        return AibrixCheck.A5;
    }

    @Override
    public List<Problem> find(Examined examined) {
        List<Problem> problems = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (MetricSource source : examined.autoscaler().sources()) {
            if (!source.metric().isEmpty() && !seen.add(source.metric())) {
                problems.add(new Problem(
                        id(),
                        source.field("targetMetric"),
                        source.metric(),
                        "%s is there already: AIBrix mixes both and heeds the last targetValue; keep one"
                                .formatted(source.metric())));
            }
        }
        return problems;
    }
}

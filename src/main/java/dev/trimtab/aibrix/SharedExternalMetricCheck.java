package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
import java.util.ArrayList;
import java.util.List;

/**
 * Two PodAutoscalers of one namespace name the same metric of the cluster's external metrics. AIBrix reads it by
 * namespace and name, and adds all series up (fetcher.go 301-316): both get the sum.
 *
 * <p>Let the adapter expose one name for each.
 */
final class SharedExternalMetricCheck implements Check {
    @Override
    public AibrixCheck id() {
        return AibrixCheck.A7;
    }

    @Override
    public List<Problem> find(Examined examined) {
        PodAutoscaler one = examined.autoscaler();
        List<Problem> problems = new ArrayList<>();
        for (PodAutoscaler other : examined.surroundings().othersThan(one)) {
            for (MetricSource source : one.sources()) {
                boolean shared = source.isExternalMetric()
                        && one.namespace().equals(other.namespace())
                        && other.sources().stream()
                                .anyMatch(it ->
                                        it.isExternalMetric() && it.metric().equals(source.metric()));
                if (shared) {
                    problems.add(new Problem(
                            id(),
                            source.field("targetMetric"),
                            source.metric(),
                            "%s is read by %s too: AIBrix gives both the sum of all its series; expose one name for each"
                                    .formatted(source.metric(), other)));
                }
            }
        }
        return problems;
    }
}

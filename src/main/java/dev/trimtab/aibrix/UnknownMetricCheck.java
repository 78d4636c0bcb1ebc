package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
import java.util.ArrayList;
import java.util.List;

/**
 * AIBrix reads metrics of pods and endpoints by names of its own (pkg/metrics/metrics.go). A name that it does not
 * know counts as 0, and a PodAutoscaler with it goes down to its minimum (fetcher.go 99-104, mended after 0.7 by
 * aibrix#2592).
 *
 * <p>Take a name from its list, such as {@code num_requests_waiting}; one that your build adds goes into {@code
 * aibrix.metrics} of the policy.
 */
final class UnknownMetricCheck implements Check {
    @Override
    public AibrixCheck id() {
        return AibrixCheck.A8;
    }

    @Override
    public List<Problem> find(Examined examined) {
        List<Problem> problems = new ArrayList<>();
        for (MetricSource source : examined.autoscaler().sources()) {
            boolean byName = source.type().equals("pod") || source.isRemote();
            if (byName
                    && !source.metric().isEmpty()
                    && !KnownMetrics.NAMES.contains(source.metric())
                    && !examined.policy().metrics().contains(source.metric())) {
                problems.add(new Problem(
                        id(),
                        source.field("targetMetric"),
                        source.metric(),
                        "AIBrix does not know %s and may count it as 0, which means the minimum%s"
                                .formatted(source.metric(), KnownMetrics.hint(source.metric()))));
            }
        }
        return problems;
    }
}

package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
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
        return examined
                .shared((source, other, its) -> source.isExternalMetric()
                        && its.isExternalMetric()
                        && source.metric().equals(its.metric())
                        && one.namespace().equals(other.namespace()))
                .stream()
                .map(it -> new Problem(
                        id(),
                        it.source().field("targetMetric"),
                        it.source().metric(),
                        "%s is read by %s too: AIBrix gives both the sum of all its series; expose one name for each"
                                .formatted(it.source().metric(), it.other())))
                .toList();
    }
}

package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
import java.util.List;

/**
 * Two PodAutoscalers ask one endpoint for the same metric under different paths. AIBrix 0.5 to 0.7 takes {@code
 * path} and ignores it: both read {@code /metrics} (fetcher.go 268-289) and come out with the same number of
 * replicas, which is how aibrix#436 looked.
 *
 * <p>Give each its own {@code targetMetric}, or its own endpoint.
 */
final class IgnoredPathCheck implements Check {
    @Override
    public AibrixCheck id() {
        return AibrixCheck.A6;
    }

    @Override
    public List<Problem> find(Examined examined) {
        PodAutoscaler one = examined.autoscaler();
        return examined.shared((source, other, its) -> isSameButPath(source, one, its, other)).stream()
                .map(it -> new Problem(
                        id(),
                        it.source().field("path"),
                        String.join(
                                " ",
                                it.source().endpoint(),
                                it.source().metric(),
                                it.source().path()),
                        "AIBrix 0.5 to 0.7 ignores it: %s reads the same %s there, both get the same replicas; name another metric or endpoint"
                                .formatted(it.other(), it.source().metric())))
                .toList();
    }

    /** The short name of a Service is another one in each namespace. */
    private static boolean isSameButPath(
            MetricSource source, PodAutoscaler one, MetricSource other, PodAutoscaler its) {
        boolean qualified = source.endpoint().contains(".");
        return source.isRemote()
                && other.isRemote()
                && source.endpoint().equals(other.endpoint())
                && source.metric().equals(other.metric())
                && !source.path().equals(other.path())
                && (qualified || one.namespace().equals(its.namespace()));
    }
}

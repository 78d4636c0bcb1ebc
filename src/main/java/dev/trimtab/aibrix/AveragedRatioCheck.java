package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
import java.util.List;

/**
 * With the KPA strategy AIBrix averages a metric of pods and divides it by the target without multiplying by the
 * number of pods (kpa.go 127): for a ratio that is at most one by the target, whatever the load.
 *
 * <p>Take APA for ratios.
 */
final class AveragedRatioCheck implements Check {
    @Override
    public AibrixCheck id() {
        return AibrixCheck.A21;
    }

    @Override
    public List<Problem> find(Examined examined) {
        if (!examined.autoscaler().strategy().equals("KPA")) {
            return List.of();
        }
        return examined.autoscaler().sources().stream()
                .filter(it -> it.type().equals("pod") && it.isRatio())
                .map(it -> new Problem(
                        id(),
                        it.field("targetMetric"),
                        it.metric(),
                        "KPA never asks for more than 1/targetValue pods of the ratio %s: take scalingStrategy APA"
                                .formatted(it.metric())))
                .toList();
    }
}

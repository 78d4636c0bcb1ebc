package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
import java.util.List;

/**
 * The metric is a ratio from 0 to 1, and the target is above 1: it is never reached, and nothing is scaled up.
 * (AIBrix's own sample hpa.yaml has "50" for {@code gpu_cache_usage_perc}.)
 *
 * <p>Write the share: 50 percent is {@code "0.5"}.
 */
final class RatioTargetCheck implements Check {
    @Override
    public AibrixCheck id() {
        return AibrixCheck.A15;
    }

    @Override
    public List<Problem> find(Examined examined) {
        return examined.autoscaler().sources().stream()
                .filter(it -> it.isRatio() && it.value().orElse(0) > 1)
                .map(it -> new Problem(
                        id(),
                        it.field("targetValue"),
                        it.metric() + "=" + it.value().getAsDouble(),
                        "%s is a ratio from 0 to 1 and never gets there: for 50 percent write \"0.5\""
                                .formatted(it.metric())))
                .toList();
    }
}

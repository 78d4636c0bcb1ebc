package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
import java.util.List;

/**
 * With the HPA strategy a target below 1 becomes 0 (hpa_resources.go 115 cuts the fraction off), and Kubernetes
 * takes no target of 0. (cpu and memory are percentages there.)
 *
 * <p>Take KPA or APA for such a metric.
 */
final class FractionOfHpaCheck implements Check {
    @Override
    public AibrixCheck id() {
        return AibrixCheck.A16;
    }

    @Override
    public List<Problem> find(Examined examined) {
        if (!examined.autoscaler().strategy().equals("HPA")) {
            return List.of();
        }
        return examined.autoscaler().sources().stream()
                .filter(it -> !it.metric().equals("cpu") && !it.metric().equals("memory"))
                .filter(it -> it.value().orElse(1) > 0 && it.value().orElse(1) < 1)
                .map(it -> new Problem(
                        id(),
                        it.field("targetValue"),
                        it.metric() + "=" + it.value().getAsDouble(),
                        "the HPA strategy cuts it to 0, which Kubernetes does not take: take KPA or APA"))
                .toList();
    }
}

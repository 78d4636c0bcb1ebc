package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
import java.util.List;

/**
 * With the HPA strategy a minimum of 0 is left out of the HorizontalPodAutoscaler that AIBrix makes, and
 * Kubernetes takes 1.
 *
 * <p>Write 1, or take KPA or APA with {@code scale-to-zero}.
 */
final class MinimumOfHpaCheck implements Check {
    @Override
    public AibrixCheck id() {
        return AibrixCheck.A10;
    }

    @Override
    public List<Problem> find(Examined examined) {
        PodAutoscaler one = examined.autoscaler();
        return one.minReplicas() == 0 && one.strategy().equals("HPA")
                ? List.of(new Problem(
                        id(),
                        "spec.minReplicas",
                        "0",
                        "0 becomes 1 with scalingStrategy HPA: write 1, or take KPA or APA to scale to zero"))
                : List.of();
    }
}

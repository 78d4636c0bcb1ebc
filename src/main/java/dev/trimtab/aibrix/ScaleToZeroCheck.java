package dev.trimtab.aibrix;

import dev.trimtab.knative.GoValues;
import dev.trimtab.policy.AibrixCheck;
import java.util.List;

/**
 * Scale to zero needs both {@code minReplicas: 0} and the annotation {@code autoscaling.aibrix.ai/scale-to-zero:
 * "true"}; with one of them the last replica stays.
 */
final class ScaleToZeroCheck implements Check {
    @Override
    public AibrixCheck id() {
        return AibrixCheck.A11;
    }

    @Override
    public List<Problem> find(Examined examined) {
        PodAutoscaler one = examined.autoscaler();
        boolean asked = one.annotations()
                .text(AnnotationKeys.SCALE_TO_ZERO)
                .flatMap(GoValues::bool)
                .orElse(false);
        int min = one.minReplicas();
        if (min == 0 && !asked && !one.strategy().equals("HPA")) {
            return List.of(new Problem(
                    id(),
                    "spec.minReplicas",
                    "0",
                    "0 takes effect only with annotation %s: \"true\"; without it the last replica stays"
                            .formatted(AnnotationKeys.SCALE_TO_ZERO)));
        }
        if (min > 0 && asked) {
            return List.of(new Problem(
                    id(),
                    AnnotationKeys.path(AnnotationKeys.SCALE_TO_ZERO),
                    "min=" + min,
                    "takes effect only with minReplicas 0, which is %d: the last replicas stay; write 0 or drop it"
                            .formatted(min)));
        }
        return List.of();
    }
}

package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
import java.util.List;

/**
 * The target has no {@code apiVersion}, and AIBrix finds no resource without it (podautoscaler_controller.go
 * 1040-1052). Trimtab fills it for a Deployment, StatefulSet, ReplicaSet and StormService; of any other kind it
 * cannot know it.
 *
 * <p>Write it, such as {@code apps/v1}.
 */
final class ApiVersionCheck implements Check {
    @Override
    public AibrixCheck id() {
        return AibrixCheck.A4;
    }

    @Override
    public List<Problem> find(Examined examined) {
        PodAutoscaler one = examined.autoscaler();
        String kind = one.reference().path("kind").asText("");
        boolean missing = one.reference().path("apiVersion").asText("").isEmpty();
        return !missing || kind.isEmpty() || ApiVersions.of(kind).isPresent()
                ? List.of()
                : List.of(new Problem(
                        id(),
                        "spec.scaleTargetRef.apiVersion",
                        kind,
                        "is missing: AIBrix finds no %s without it, and nothing is scaled; write it".formatted(kind)));
    }
}

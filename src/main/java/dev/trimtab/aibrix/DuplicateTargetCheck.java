package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
import java.util.List;

/**
 * Two PodAutoscalers scale one target (the same namespace, kind, name and role, whatever the spelling of the
 * version). Both write its replicas; AIBrix lets the one go on that it has seen first, and after a restart of its
 * controller that may be the other (podautoscaler_controller.go 361-390).
 *
 * <p>Keep one of them, or give each a target or a role of its own.
 */
final class DuplicateTargetCheck implements Check {
    @Override
    public AibrixCheck id() {
        return AibrixCheck.A1;
    }

    @Override
    public List<Problem> find(Examined examined) {
        PodAutoscaler one = examined.autoscaler();
        return examined.othersOfItsTarget().stream()
                .filter(other -> other.role().equals(one.role()))
                .map(other -> new Problem(
                        id(),
                        "spec.scaleTargetRef",
                        one.target().orElseThrow() + one.role(),
                        "%s is scaled by %s too: AIBrix heeds the one that it saw first; keep one of them"
                                .formatted(one.target().orElseThrow(), other)))
                .toList();
    }
}

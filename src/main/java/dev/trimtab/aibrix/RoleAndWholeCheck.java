package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
import java.util.List;

/**
 * One PodAutoscaler scales a role of a StormService and another one the whole of it: both decide how many pods the
 * role has.
 *
 * <p>Scale each role by a PodAutoscaler of its own, or the whole by one.
 */
final class RoleAndWholeCheck implements Check {
    @Override
    public AibrixCheck id() {
        return AibrixCheck.A2;
    }

    @Override
    public List<Problem> find(Examined examined) {
        PodAutoscaler one = examined.autoscaler();
        return examined.othersOfItsTarget().stream()
                .filter(other -> other.role().isEmpty() != one.role().isEmpty())
                .map(other -> new Problem(
                        id(),
                        "spec.subTargetSelector.roleName",
                        one.target().orElseThrow() + "/" + one.role(),
                        "%s scales %s of %s: both decide on the same pods; scale by role or as a whole"
                                .formatted(
                                        other,
                                        other.role().isEmpty() ? "the whole" : "role " + other.role(),
                                        one.target().orElseThrow())))
                .toList();
    }
}

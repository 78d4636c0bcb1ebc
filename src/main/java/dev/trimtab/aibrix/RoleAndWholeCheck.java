package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
import java.util.List;
import java.util.Optional;

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
        Optional<Target> target = one.target();
        return examined.surroundings().othersThan(one).stream()
                .filter(other -> target.isPresent()
                        && other.target().equals(target)
                        && other.role().isEmpty() != one.role().isEmpty())
                .map(other -> new Problem(
                        id(),
                        "spec.subTargetSelector.roleName",
                        target + "/" + one.role(),
                        "%s scales %s of %s: both decide on the same pods; scale by role or as a whole"
                                .formatted(
                                        other,
                                        other.role().isEmpty() ? "the whole" : "role " + other.role(),
                                        target.orElseThrow())))
                .toList();
    }
}

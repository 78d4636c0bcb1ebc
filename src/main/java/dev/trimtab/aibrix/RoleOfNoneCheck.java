package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
import java.util.List;
import java.util.Set;

/**
 * {@code subTargetSelector} names a role, and the target is no StormService: no other kind has roles, and the
 * metrics of no pod are found (aibrix#2591).
 *
 * <p>Leave it out.
 */
final class RoleOfNoneCheck implements Check {
    @Override
    public AibrixCheck id() {
        return AibrixCheck.A17;
    }

    /** RoleSets are what a StormService is made of (types/podautoscaler_types.go). */
    private static final Set<String> WITH_ROLES = Set.of("StormService", "RoleSet");

    @Override
    public List<Problem> find(Examined examined) {
        PodAutoscaler one = examined.autoscaler();
        String kind = one.reference().path("kind").asText("");
        return one.role().isEmpty() || kind.isEmpty() || WITH_ROLES.contains(kind)
                ? List.of()
                : List.of(new Problem(
                        id(),
                        "spec.subTargetSelector.roleName",
                        kind + "/" + one.role(),
                        "a %s has no roles, so no pod is found for the metrics: leave it out".formatted(kind)));
    }
}

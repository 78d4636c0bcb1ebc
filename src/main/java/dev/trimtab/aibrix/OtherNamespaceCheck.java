package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
import java.util.List;

/**
 * The target is in another namespace than the PodAutoscaler. AIBrix writes there (workload_scale.go 192-214), and
 * looks for conflicts in its own (buildScalingTargetKey), so nobody sees that two scale it.
 *
 * <p>Put the PodAutoscaler into the namespace of its target, and leave the field out.
 */
final class OtherNamespaceCheck implements Check {
    @Override
    public AibrixCheck id() {
        return AibrixCheck.A3;
    }

    @Override
    public List<Problem> find(Examined examined) {
        PodAutoscaler one = examined.autoscaler();
        String other = one.reference().path("namespace").asText("");
        return other.isEmpty() || other.equals(one.namespace())
                ? List.of()
                : List.of(new Problem(
                        id(),
                        "spec.scaleTargetRef.namespace",
                        other,
                        "%s is not its own namespace %s: conflicts there go unseen; create it in %s, without this field"
                                .formatted(other, one.namespace(), other)));
    }
}

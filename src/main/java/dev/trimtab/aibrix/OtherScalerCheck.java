package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Somebody else writes the replicas of the target: a HorizontalPodAutoscaler, a ScaledObject of KEDA, or the owner
 * of the Deployment, which is Knative for a Revision and KServe for an InferenceService. Each undoes what the
 * other has done.
 *
 * <p>Let one of them scale it; for a service of KServe or Knative that is {@code minReplicas}, {@code maxReplicas}
 * and its autoscaler.
 */
final class OtherScalerCheck implements Check {
    @Override
    public AibrixCheck id() {
        return AibrixCheck.A18;
    }

    @Override
    public List<Problem> find(Examined examined) {
        Optional<Target> target = examined.autoscaler().target();
        if (target.isEmpty()) {
            return List.of();
        }
        Target it = target.get();
        Stream<String> owners = examined
                .surroundings()
                .workloadOf(it)
                .map(Surroundings.Workload::owner)
                .filter(owner -> !owner.isEmpty())
                .stream();
        return Stream.concat(examined.surroundings().scalersOf(it).map(Scaler::what), owners)
                .map(what -> new Problem(
                        id(),
                        "spec.scaleTargetRef",
                        it + " " + what,
                        "%s is scaled by %s too: each undoes the other; keep one".formatted(it, what)))
                .toList();
    }
}

package dev.trimtab.lifecycle;

import java.util.ArrayList;
import java.util.List;

/**
 * How far the stop of a service is, and what to do next: decided at each reconcile from what the cluster has.
 *
 * @param steps in this order
 * @param blocks what keeps it from being released, for people; empty for as long as all goes its way
 * @param held what still holds GPUs
 */
public record StopPlan(Phase phase, List<Step> steps, List<String> blocks, HeldPods held) {
    /** How far it is. */
    public enum Phase {
        /** ModelMesh, which has no stop. */
        NOT_SUPPORTED,
        STOPPING,
        /** No pod of it is left, and nothing that would make one; and KServe has said so, or had its time. */
        RELEASED
    }

    public StopPlan {
        steps = List.copyOf(steps);
        blocks = List.copyOf(blocks);
    }

    /** What it comes to where nothing may be done. */
    public StopPlan withoutSteps() {
        return new StopPlan(phase, List.of(), blocks, held);
    }

    public static StopPlan of(ObservedStop view) {
        if (view.isModelMesh()) {
            return new StopPlan(Phase.NOT_SUPPORTED, List.of(), List.of("ModelMesh has no stop"), view.held());
        }
        List<Step> steps = new ArrayList<>(Teardown.of(view));
        steps.addAll(GraceLimit.of(view));
        if (view.isOverdue() && !hasParts(view)) {
            StoppedStatus.of(view).ifPresent(steps::add);
        }
        boolean settled = view.isOverdue() || new Conditions(view.service()).isStopped();
        boolean released = settled
                && !hasParts(view)
                && view.makers().isEmpty()
                && view.pods().isEmpty();
        return new StopPlan(
                released ? Phase.RELEASED : Phase.STOPPING, steps, released ? List.of() : blocks(view), view.held());
    }

    /** Whether anything of it is there that pods come of. */
    private static boolean hasParts(ObservedStop view) {
        return view.children().stream()
                .anyMatch(child -> child.kind().holdsPods() && !(child.terminating() && child.held()));
    }

    private static List<String> blocks(ObservedStop view) {
        List<String> blocks = new ArrayList<>();
        // A KServe without a stop is not blocked; but nobody else takes an LLMInferenceService down.
        if (view.isOverdue() && (view.stopIsNative() || !view.kind().isTornDown())) {
            blocks.addAll(view.asStopped().blocks());
        } else {
            OwnStop.keepingUp(view.service()).forEach(it -> blocks.add(it.toString()));
        }
        for (StoppingPod pod : view.pods()) {
            String name = "pod " + pod.held().name();
            if (pod.held().terminating() && pod.hasFinalizers() && GraceLimit.isLate(pod, view)) {
                blocks.add(name + " has finalizers, which another controller must remove");
            } else if (view.isOverdue() && pod.ownership() == Ownership.UNKNOWN) {
                blocks.add(name + " has its label and is not owned by it: never deleted");
            }
        }
        return blocks;
    }
}

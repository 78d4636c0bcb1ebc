package dev.trimtab.lifecycle;

import dev.trimtab.lifecycle.StopAnnotation.OwnStop;
import dev.trimtab.lifecycle.StoppingPod.Ownership;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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

    public static StopPlan of(ObservedService view) {
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
    private static boolean hasParts(ObservedService view) {
        return view.children().stream()
                .anyMatch(child -> child.kind().holdsPods() && !(child.terminating() && child.held()));
    }

    private static List<String> blocks(ObservedService view) {
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

    /**
     * What Trimtab takes down itself, when KServe had its time: because this KServe has no stop, because something blocks it,
     * or because KServe leaves it behind.
     */
    static final class Teardown {
        /** KServe's own order (ksvc first predictor, then transformer, explainer); what has no component goes last. */
        private static final List<String> COMPONENTS = List.of("predictor", "transformer", "explainer");

        private Teardown() {}

        static List<Step> of(ObservedService view) {
            List<Step> steps = new ArrayList<>();
            if (!view.kind().isTornDown() || !view.isOverdue()) {
                return steps;
            }
            view.children().stream()
                    .filter(child -> !child.terminating() && !view.runsOn(child.component()))
                    .sorted(Comparator.comparing(Child::kind).thenComparing(Teardown::order))
                    .forEach(child -> {
                        boolean again = child.isYoungerThan(view.since());
                        if (child.kind().holdsPods()) {
                            // Deleted once more, it would be there once more: nothing keeps this KServe from it.
                            steps.add(again ? new Step.Hold(child) : new Step.Delete(child));
                        } else if (!again) {
                            // A route or a Service that KServe makes again holds nothing, and is left to it.
                            steps.add(new Step.Delete(child));
                        }
                    });
            return steps;
        }

        private static int order(Child child) {
            int known = COMPONENTS.indexOf(child.component());
            return known < 0 ? COMPONENTS.size() : known;
        }
    }

    /**
     * Pods on their way out keep their GPUs, in Knative mode for up to the {@code timeoutSeconds} of the service. They get the
     * grace of the policy instead; what is there a little later still, nobody ends any more, and is taken off with 0.
     */
    static final class GraceLimit {
        /** For the kubelet to kill and to say so. */
        private static final Duration SLACK = Duration.ofSeconds(5);

        private GraceLimit() {}

        static List<Step> of(ObservedService view) {
            List<Step> steps = new ArrayList<>();
            for (StoppingPod pod : view.pods()) {
                if (pod.held().terminating() && pod.mayBeEnded(view.since()) && !view.runsOn(pod.component())) {
                    Duration grace = view.gracePeriod();
                    Duration now = isLate(pod, view) ? Duration.ZERO : grace;
                    // One that has no grace any more is kept by somebody's finalizer.
                    if (pod.grace().compareTo(now) > 0) {
                        steps.add(new Step.EndPod(pod, now));
                    }
                }
            }
            return steps;
        }

        /** Whether even the kubelet should have ended it by now. */
        static boolean isLate(StoppingPod pod, ObservedService view) {
            return view.gracePeriod().isZero()
                    || deadline(pod, view)
                            .filter(it -> !view.now().isBefore(it))
                            .isPresent();
        }

        /** When a pod that was asked to end is late; empty for a pod that was not. */
        static Optional<Instant> deadline(StoppingPod pod, ObservedService view) {
            return pod.asked().map(it -> it.plus(view.gracePeriod()).plus(SLACK));
        }
    }
}

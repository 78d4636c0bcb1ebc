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
 * How far the stop of a service is, and what to do next: computed at each reconcile from the state of the cluster.
 *
 * @param blocks what keeps the service from being released, for people; empty if nothing does
 */
public record StopPlan(Phase phase, List<Step> steps, List<String> blocks, HeldPods held) {
    public enum Phase {
        NOT_SUPPORTED,
        STOPPING,
        /** No pod is left, and nothing that starts pods. KServe has set Stopped, or its time is over. */
        RELEASED
    }

    public StopPlan {
        steps = List.copyOf(steps);
        blocks = List.copyOf(blocks);
    }

    /** The plan in Audit mode. */
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

    /** Whether a child is left that can start pods. A held child in deletion cannot. */
    private static boolean hasParts(ObservedService view) {
        return view.children().stream()
                .anyMatch(child -> child.kind().holdsPods() && !(child.terminating() && child.held()));
    }

    private static List<String> blocks(ObservedService view) {
        List<String> blocks = new ArrayList<>();
        // A service of a KServe without a stop is not blocked: Trimtab takes it down. Only KServe can stop an
        // LLMInferenceService.
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
     * Deletes what is left when KServe's time is over: this KServe has no stop, something blocks the stop, or KServe
     * leaves objects behind.
     */
    static final class Teardown {
        /** KServe's order: first predictor, then transformer, explainer. Children without a component are last. */
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
                            // KServe made the child again after the stop, and would make it again after another delete.
                            steps.add(again ? new Step.Hold(child) : new Step.Delete(child));
                        } else if (!again) {
                            // A route or Service that KServe makes again holds no pods, so it stays.
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
     * Pods in deletion keep their GPUs, in Knative mode for up to the {@code timeoutSeconds} of the service. Trimtab
     * shortens their grace period to that of the service's annotation or the policy. A pod that is left {@link #SLACK}
     * later gets a grace period of 0.
     */
    static final class GraceLimit {
        /** Time for the kubelet to kill the containers and to report that. */
        private static final Duration SLACK = Duration.ofSeconds(5);

        private GraceLimit() {}

        static List<Step> of(ObservedService view) {
            List<Step> steps = new ArrayList<>();
            for (StoppingPod pod : view.pods()) {
                if (pod.held().terminating() && pod.mayBeEnded(view.since()) && !view.runsOn(pod.component())) {
                    Duration grace = view.gracePeriod();
                    Duration now = isLate(pod, view) ? Duration.ZERO : grace;
                    // A pod whose grace period is 0 already is kept by a finalizer.
                    if (pod.grace().compareTo(now) > 0) {
                        steps.add(new Step.EndPod(pod, now));
                    }
                }
            }
            return steps;
        }

        /** Whether the kubelet should have ended the pod by now. Always true with a grace period of 0. */
        static boolean isLate(StoppingPod pod, ObservedService view) {
            return view.gracePeriod().isZero()
                    || deadline(pod, view)
                            .filter(it -> !view.now().isBefore(it))
                            .isPresent();
        }

        /** When a pod in deletion is late; empty for other pods. */
        static Optional<Instant> deadline(StoppingPod pod, ObservedService view) {
            return pod.asked().map(it -> it.plus(view.gracePeriod()).plus(SLACK));
        }
    }
}

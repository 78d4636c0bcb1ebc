package dev.trimtab.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Pods on their way out keep their GPUs, in Knative mode for up to the {@code timeoutSeconds} of the service. They get the
 * grace of the policy instead; what is there a little later still, nobody ends any more, and is taken off with 0.
 */
final class GraceLimit {
    /** For the kubelet to kill and to say so. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private GraceLimit() {}

    static List<Step> of(ObservedStop view) {
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
    static boolean isLate(StoppingPod pod, ObservedStop view) {
        return view.gracePeriod().isZero()
                || deadline(pod, view).filter(it -> !view.now().isBefore(it)).isPresent();
    }

    /** When a pod that was asked to end is late; empty for a pod that was not. */
    static Optional<Instant> deadline(StoppingPod pod, ObservedStop view) {
        return pod.asked().map(it -> it.plus(view.gracePeriod()).plus(SLACK));
    }
}

package dev.trimtab.lifecycle;

import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.lifecycle.StopAnnotation.OwnStop;
import dev.trimtab.lifecycle.StopPlan.GraceLimit;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Policy.Lifecycle;
import dev.trimtab.policy.Policy.NativeStop;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A stopped service as it was read at one moment.
 *
 * @param stopIsNative whether KServe is known to stop services of this kind and mode
 * @param makers names of the Deployments, ReplicaSets and StatefulSets of the service, at any depth: they can start
 *     pods
 * @param pods pods with the label of the service that have not ended, without those of other owners
 */
public record ObservedService(
        Stoppable kind,
        Manifest service,
        DeploymentMode mode,
        Instant since,
        Instant now,
        Lifecycle policy,
        boolean stopIsNative,
        List<Child> children,
        List<String> makers,
        List<StoppingPod> pods) {
    public ObservedService {
        children = List.copyOf(children);
        makers = List.copyOf(makers);
        pods = List.copyOf(pods);
    }

    /** Whether KServe's time to stop the service is over. Trimtab then deletes what is left. */
    public boolean isOverdue() {
        return policy.nativeStop() == NativeStop.NEVER || !now.isBefore(since.plus(policy.nativeTimeout()));
    }

    /** Next moment at which the plan changes without an event. Empty if there is none. */
    public Optional<Instant> nextDeadline() {
        return Stream.concat(
                        Stream.of(since.plus(policy.nativeTimeout())).filter(it -> !isOverdue()),
                        pods.stream().flatMap(it -> GraceLimit.deadline(it, this).stream()))
                .filter(it -> it.isAfter(now))
                .min(Comparator.naturalOrder());
    }

    Duration gracePeriod() {
        return StopGrace.of(service).orElse(policy.stopGracePeriod());
    }

    boolean isModelMesh() {
        return StoppedService.isModelMesh(service);
    }

    StoppedService asStopped() {
        return new StoppedService(kind, service, held());
    }

    /** Whether an annotation of the component itself keeps the component running. KServe respects it too. */
    boolean runsOn(String component) {
        return OwnStop.keepingUp(service).stream().anyMatch(it -> it.component().equals(component));
    }

    HeldPods held() {
        return new HeldPods(pods.stream().map(StoppingPod::held).toList());
    }

    /** {@code trimtab.dev/stop-grace-seconds} on a service: how long its pods may take to end after the stop. */
    public static final class StopGrace {
        public static final String KEY = "trimtab.dev/stop-grace-seconds";

        /** In seconds. */
        public static final int LONGEST = 3600;

        private StopGrace() {}

        /** Empty without the annotation, and if the value is not a whole number from 0 to {@link #LONGEST}. */
        public static Optional<Duration> of(Manifest service) {
            OptionalInt seconds =
                    service.annotations().text(KEY).map(GoParsing::int32).orElse(OptionalInt.empty());
            return seconds.isPresent() && seconds.getAsInt() >= 0 && seconds.getAsInt() <= LONGEST
                    ? Optional.of(Duration.ofSeconds(seconds.getAsInt()))
                    : Optional.empty();
        }

        public static boolean isUnreadable(Manifest service) {
            return service.annotations().has(KEY) && of(service).isEmpty();
        }
    }
}

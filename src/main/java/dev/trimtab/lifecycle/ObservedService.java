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
 * A stopped service as it was found at one moment.
 *
 * @param mode what KServe makes of it
 * @param since when it was stopped
 * @param stopIsNative whether KServe is known to stop services of this kind and mode
 * @param children what it owns
 * @param makers names of what can still start pods of it: Deployments, ReplicaSets and the like, at any depth
 * @param pods those with its name on the label, but not those of other owners
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

    /** Whether KServe had its time: what is there still, is Trimtab's to take down. */
    public boolean isOverdue() {
        return policy.nativeStop() == NativeStop.NEVER || !now.isBefore(since.plus(policy.nativeTimeout()));
    }

    /** When time alone changes what is to be done: KServe had its time, or a pod its grace. Empty if only an event does. */
    public Optional<Instant> nextDeadline() {
        return Stream.concat(
                        Stream.of(since.plus(policy.nativeTimeout())).filter(it -> !isOverdue()),
                        pods.stream().flatMap(it -> GraceLimit.deadline(it, this).stream()))
                .filter(it -> it.isAfter(now))
                .min(Comparator.naturalOrder());
    }

    /** How long pods may take. */
    Duration gracePeriod() {
        return StopGrace.of(service).orElse(policy.stopGracePeriod());
    }

    boolean isModelMesh() {
        return StoppedService.isModelMesh(service);
    }

    StoppedService asStopped() {
        return new StoppedService(kind, service, held());
    }

    /** Whether its author lets this component run on, by an annotation of its own; KServe goes by that as well. */
    boolean runsOn(String component) {
        return OwnStop.keepingUp(service).stream().anyMatch(it -> it.component().equals(component));
    }

    /** The pods that are not over, and should be. */
    HeldPods held() {
        return new HeldPods(pods.stream().map(StoppingPod::held).toList());
    }

    /** {@code trimtab.dev/stop-grace-seconds} on a service: how long its pods may take to end when it is stopped. */
    public static final class StopGrace {
        public static final String KEY = "trimtab.dev/stop-grace-seconds";

        /** In seconds: an hour. */
        public static final int LONGEST = 3600;

        private StopGrace() {}

        /** Empty where its author wrote none, and for what is no whole number from 0 to {@link #LONGEST}. */
        public static Optional<Duration> of(Manifest service) {
            OptionalInt seconds =
                    service.annotations().text(KEY).map(GoParsing::int32).orElse(OptionalInt.empty());
            return seconds.isPresent() && seconds.getAsInt() >= 0 && seconds.getAsInt() <= LONGEST
                    ? Optional.of(Duration.ofSeconds(seconds.getAsInt()))
                    : Optional.empty();
        }

        /** Whether its author wrote what does not count. */
        public static boolean isUnreadable(Manifest service) {
            return service.annotations().has(KEY) && of(service).isEmpty();
        }
    }
}

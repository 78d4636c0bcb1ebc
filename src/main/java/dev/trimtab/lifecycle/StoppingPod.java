package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.lifecycle.HeldPods.HeldPod;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A pod with the name of a stopped service, and whose it is.
 *
 * @param grace how long it may take to end, since it was asked to
 * @param hasFinalizers whether somebody else keeps it there, so that not even a grace of 0 ends it
 */
public record StoppingPod(
        HeldPod held, String uid, String component, Duration grace, boolean hasFinalizers, Ownership ownership) {
    public static StoppingPod of(JsonNode pod, Ownership ownership) {
        JsonNode metadata = pod.path("metadata");
        return new StoppingPod(
                HeldPod.of(pod),
                metadata.path("uid").asText(""),
                Child.componentOf(pod),
                Duration.ofSeconds(metadata.path("deletionGracePeriodSeconds").asLong()),
                !metadata.path("finalizers").isEmpty(),
                ownership);
    }

    /** When it was asked to end. */
    Optional<Instant> asked() {
        return held.terminating() ? held.since() : Optional.empty();
    }

    /**
     * Whether it may be ended sooner than it wants. Garbage collection deletes owners before pods, so that of a pod on
     * its way out there may be no owner left to ask: then it counts that it was asked to end since the stop.
     *
     * @param stopped since when the service is
     */
    boolean mayBeEnded(Instant stopped) {
        boolean byTheStop = asked().filter(it -> !it.isBefore(stopped)).isPresent();
        return ownership == Ownership.OURS || (ownership == Ownership.ORPHANED && byTheStop);
    }

    /** What following the owner references of an object, up to the last, has come to. */
    public enum Ownership {
        /** They lead to the service. */
        OURS,
        /** They lead to an owner that is gone. */
        ORPHANED,
        /** They lead to something else that is there. */
        OTHERS,
        /** There is none, or one that cannot be read. */
        UNKNOWN
    }
}

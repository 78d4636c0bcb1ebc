package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.lifecycle.HeldPods.HeldPod;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A pod with the label of a stopped service.
 *
 * @param grace the pod's current grace period; zero if it is not in deletion
 * @param hasFinalizers whether a finalizer keeps the pod even with a grace period of 0
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

    Optional<Instant> asked() {
        return held.terminating() ? held.since() : Optional.empty();
    }

    /**
     * Whether Trimtab may shorten the pod's grace period. Garbage collection deletes owners before pods, so the owners
     * of a pod in deletion may be gone. Such a pod counts as the service's own if its deletion was requested after the
     * stop.
     *
     * @param stopped when the service was stopped
     */
    boolean mayBeEnded(Instant stopped) {
        boolean byTheStop = asked().filter(it -> !it.isBefore(stopped)).isPresent();
        return ownership == Ownership.OURS || (ownership == Ownership.ORPHANED && byTheStop);
    }

    /** Where the chain of controller references of an object ends. */
    public enum Ownership {
        OURS,
        /** At an owner that is gone. */
        ORPHANED,
        /** At an object that is not the service. */
        OTHERS,
        /** Nowhere: the object has no owner, or an owner cannot be read. */
        UNKNOWN
    }
}

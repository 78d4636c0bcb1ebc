package dev.trimtab.schedule;

import dev.trimtab.lifecycle.Conditions;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.manifest.Manifest;
import java.time.Instant;
import java.util.Optional;

/** A service that a schedule selects, as the cluster has it now. */
public record Candidate(ServiceRef ref, Manifest service) {
    public String uid() {
        return service.metadata().path("uid").asText("");
    }

    public boolean isStopped() {
        return StopAnnotation.isStopped(service);
    }

    boolean isReady() {
        return !isStopped() && new Conditions(service).isRunning();
    }

    /** Which schedule has stopped the service; empty if it runs, or if somebody else has stopped it since. */
    public Optional<StopMark> mark() {
        return StopMark.inForce(service);
    }

    /** What is due now. */
    public enum Due {
        /** Nothing: the service is as it should be. */
        NOTHING,
        STOP,
        START,
        /** Nothing, because a person has said otherwise. */
        KEPT
    }

    /**
     * People win: {@link Keep} over the schedule, a stop by hand over Up, and a start by hand over the phase Down in which
     * the start happened.
     *
     * @param phase of the schedule
     * @param began when this phase began
     */
    Due due(String schedule, Phase phase, Instant began, Instant now) {
        Keep keep = Keep.of(service, now);
        if (keep instanceof Keep.Invalid) {
            return Due.KEPT;
        }
        Phase wanted = keep instanceof Keep.InForce word ? word.phase() : phase;
        boolean kept = keep instanceof Keep.InForce && wanted != phase;
        if (isStopped()) {
            return stopped(wanted, kept);
        }
        if (wanted == Phase.UP) {
            return kept ? Due.KEPT : Due.NOTHING;
        }
        boolean startedByHand = !(keep instanceof Keep.InForce)
                && StopMark.of(service)
                        .filter(it ->
                                it.schedule().equals(schedule) && !it.down().isBefore(began))
                        .isPresent();
        return startedByHand ? Due.KEPT : Due.STOP;
    }

    /** Only what a schedule stopped is started by a schedule. */
    private Due stopped(Phase wanted, boolean kept) {
        if (wanted == Phase.UP) {
            return mark().isPresent() ? Due.START : Due.KEPT;
        }
        return kept ? Due.KEPT : Due.NOTHING;
    }
}

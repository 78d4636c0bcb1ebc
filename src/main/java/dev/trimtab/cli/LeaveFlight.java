package dev.trimtab.cli;

import dev.trimtab.drift.Departure;
import dev.trimtab.drift.ObjectKey;
import dev.trimtab.knative.ServiceRules;
import dev.trimtab.manifest.Manifest;
import java.time.Duration;

/** An object that leaves, and whose new pods are not ready yet. */
final class LeaveFlight {
    private final Departure departure;
    private final long generation;
    private final Duration kserve;
    private final long start = System.nanoTime();
    private boolean rolled;
    private boolean late;
    private String missing = "";

    private LeaveFlight(Departure departure, long generation, Duration kserve, boolean rolled) {
        this.departure = departure;
        this.generation = generation;
        this.kserve = kserve;
        this.rolled = rolled;
    }

    /** One that an earlier run has let go of. */
    static LeaveFlight started(Departure departure) {
        return new LeaveFlight(departure, 0, Duration.ZERO, true);
    }

    /**
     * One that has its template still.
     *
     * @param object as it is stored now
     * @param kserve how long KServe has to write its own template
     */
    static LeaveFlight released(Departure departure, Manifest object, Duration kserve) {
        return new LeaveFlight(departure, generation(object), kserve, false);
    }

    ObjectKey key() {
        return departure.key();
    }

    long cards() {
        return departure.cards();
    }

    /** Whether its author's template is stored. */
    boolean hasRolled() {
        return rolled;
    }

    void rolled() {
        rolled = true;
    }

    /** Whether KServe has written its own template meanwhile: a field that was ours has another value. */
    boolean isRendered(Manifest object) {
        return generation(object) > generation
                && departure.taken().stream()
                        .anyMatch(it ->
                                !ServiceRules.isSame(it.stored(), object.root().at(it.at())));
    }

    /** Whether KServe had its time. */
    boolean isOurTurn() {
        return elapsed().compareTo(kserve) >= 0;
    }

    boolean isLate() {
        return late;
    }

    void isLateNow() {
        late = true;
    }

    /** What it waits for, in the words of who looks after it. */
    String missing() {
        return missing;
    }

    void waitsFor(String what) {
        missing = what;
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static long generation(Manifest object) {
        return object.metadata().path("generation").asLong();
    }
}

package dev.trimtab.controller;

import dev.trimtab.lifecycle.GpuCount;
import java.time.Instant;

/**
 * What one leader has seen of one stop. For Events and metrics alone: what is done is decided by what is there.
 *
 * @param uid of the service
 * @param since when it was stopped
 * @param gpus the most that its pods held at once, as far as it was seen
 * @param announced whether this leader has said that it stops
 * @param released whether it is known, and was said, that they are free
 */
record Track(String uid, Instant since, GpuCount gpus, boolean announced, boolean released) {
    Track withGpus(GpuCount seen) {
        return new Track(uid, since, gpus.max(seen), announced, released);
    }

    Track withAnnounced() {
        return new Track(uid, since, gpus, true, released);
    }

    Track withReleased(boolean now) {
        return new Track(uid, since, gpus, announced, now);
    }
}

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
 * @param tidy whether nothing was left when it was looked at as a whole, routes and Services too
 */
record Track(String uid, Instant since, GpuCount gpus, boolean announced, boolean released, boolean tidy) {
    static Track of(String uid, Instant since) {
        return new Track(uid, since, GpuCount.NONE, false, false, false);
    }

    Track withGpus(GpuCount seen) {
        return new Track(uid, since, gpus.max(seen), announced, released, tidy);
    }

    Track withAnnounced() {
        return new Track(uid, since, gpus, true, released, tidy);
    }

    Track released(boolean andTidy) {
        return new Track(uid, since, gpus, announced, true, andTidy);
    }

    Track held() {
        return new Track(uid, since, gpus, announced, false, false);
    }
}

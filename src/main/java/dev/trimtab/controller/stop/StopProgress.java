package dev.trimtab.controller.stop;

import dev.trimtab.gpu.GpuCount;
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
record StopProgress(String uid, Instant since, GpuCount gpus, boolean announced, boolean released, boolean tidy) {
    static StopProgress of(String uid, Instant since) {
        return new StopProgress(uid, since, GpuCount.NONE, false, false, false);
    }

    StopProgress withGpus(GpuCount seen) {
        return new StopProgress(uid, since, gpus.max(seen), announced, released, tidy);
    }

    StopProgress withAnnounced() {
        return new StopProgress(uid, since, gpus, true, released, tidy);
    }

    StopProgress released(boolean andTidy) {
        return new StopProgress(uid, since, gpus, announced, true, andTidy);
    }

    StopProgress held() {
        return new StopProgress(uid, since, gpus, announced, false, false);
    }
}

package dev.trimtab.cluster;

import java.util.concurrent.CompletionStage;

/** Something on the cluster that is followed from the start to the end of the process. */
interface Watch extends AutoCloseable {
    /** What the log and readiness call it. */
    String title();

    /** Done when what there is, or that there is none, has been seen for the first time. */
    CompletionStage<Void> start();

    /** Whether the cluster does not have it, or does not let us read it. It is asked for again, at most half a minute later. */
    boolean isMissing();

    @Override
    void close();
}

package dev.trimtab.cluster;

import java.util.concurrent.CompletionStage;

/** Something on the cluster that is followed from the start to the end of the process. */
interface Watch extends AutoCloseable {
    /** Done when what there is, or that there is none, has been seen for the first time. */
    CompletionStage<Void> start();

    @Override
    void close();
}

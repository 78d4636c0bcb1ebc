package dev.trimtab.drift;

import java.util.Optional;

/** What came of looking at one object. */
public sealed interface Look permits Finding, LeftOut {
    ObjectKey key();

    /** The InferenceService or InferenceGraph that KServe rendered it for. */
    Optional<ObjectKey> owner();
}

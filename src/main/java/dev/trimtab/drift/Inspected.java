package dev.trimtab.drift;

import java.util.Optional;

/** One stored object, inspected: what a refresh would change, or why it is skipped. */
public sealed interface Inspected permits Finding, Inspected.Skipped {
    ObjectKey key();

    /** The InferenceService or InferenceGraph that KServe rendered it for. */
    Optional<ObjectKey> owner();

    /** An object that a refresh would not change, whatever the policy. What KServe rendered for it is skipped too. */
    record Skipped(ObjectKey key, Optional<ObjectKey> owner, String because) implements Inspected {}
}

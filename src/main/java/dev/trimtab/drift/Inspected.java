package dev.trimtab.drift;

import dev.trimtab.drift.DriftCheck.Differences;
import dev.trimtab.gpu.GpuCount;
import dev.trimtab.manifest.Kind;
import java.util.List;
import java.util.Optional;

/** One stored object, inspected: what a refresh would change, or why it is skipped. */
public sealed interface Inspected {
    ObjectKey key();

    /** The InferenceService or InferenceGraph that KServe rendered it for. */
    Optional<ObjectKey> owner();

    /** An object that a refresh would not change, whatever the policy. What KServe rendered for it is skipped too. */
    record Skipped(ObjectKey key, Optional<ObjectKey> owner, String because) implements Inspected {}

    /**
     * What is kept of an object that was looked at.
     *
     * @param owner the InferenceService or InferenceGraph that KServe rendered it for
     * @param differences what a refresh would change
     * @param notes what it would warn of, and leave
     * @param block why it cannot be refreshed; empty where it can
     * @param differsNow whether a refresh by the policy in force would change something; as {@code differences} where no other
     *     policy was asked about
     * @param pods how many its new revision would start, at most
     * @param podGpus what each of them asks for
     */
    public record Finding(
            ObjectKey key,
            Optional<ObjectKey> owner,
            List<Difference> differences,
            List<String> notes,
            String block,
            boolean differsNow,
            int pods,
            GpuCount podGpus)
            implements Inspected {
        public Finding {
            differences = List.copyOf(differences);
            notes = List.copyOf(notes);
        }

        public boolean differs() {
            return !differences.isEmpty();
        }

        public boolean isBlocked() {
            return !block.isEmpty();
        }

        /** Whether a refresh would be written on it. */
        public boolean isRefreshed() {
            return differs() && !isBlocked();
        }

        /** Whether that would start new pods. */
        boolean rolls() {
            return isRefreshed() && Differences.roll(key.kind(), differences);
        }

        /** What all of its new pods ask for. */
        public GpuCount gpus() {
            return podGpus.times(pods);
        }

        /** The same in GPUs, as {@link GpuCount#cards} counts them. */
        public long cards() {
            return podGpus.cards() * pods;
        }

        Kind kind() {
            return key.kind();
        }
    }
}

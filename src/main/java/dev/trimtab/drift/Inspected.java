package dev.trimtab.drift;

import dev.trimtab.drift.DriftCheck.Differences;
import dev.trimtab.gpu.GpuCount;
import dev.trimtab.manifest.Kind;
import java.util.List;
import java.util.Optional;

/** One stored object, inspected: what a refresh would change, or why it is skipped. */
public sealed interface Inspected {
    ObjectKey key();

    Optional<ObjectKey> owner();

    /** An object that a refresh would not change, whatever the policy. What KServe rendered for it is skipped too. */
    record Skipped(ObjectKey key, Optional<ObjectKey> owner, String because) implements Inspected {}

    /**
     * What a refresh would change in one object.
     *
     * @param notes what it would warn of
     * @param block why it cannot be refreshed, or empty
     * @param differsNow whether a refresh by the policy in force would change something
     * @param pods the most that its new revision would start
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

        public boolean isRefreshed() {
            return differs() && !isBlocked();
        }

        boolean rolls() {
            return isRefreshed() && Differences.roll(key.kind(), differences);
        }

        public GpuCount gpus() {
            return podGpus.times(pods);
        }

        public long gpuCount() {
            return podGpus.whole() * pods;
        }

        Kind kind() {
            return key.kind();
        }
    }
}

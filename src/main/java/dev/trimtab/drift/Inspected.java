package dev.trimtab.drift;

import dev.trimtab.drift.DriftCheck.Differences;
import dev.trimtab.gpu.GpuCount;
import dev.trimtab.manifest.Kind;
import java.util.List;
import java.util.Optional;

/** The result for one stored object: what a refresh would change, or why it is skipped. */
public sealed interface Inspected {
    ObjectKey key();

    Optional<ObjectKey> owner();

    /** An object that no refresh would change. What KServe rendered for it is skipped too. */
    record Skipped(ObjectKey key, Optional<ObjectKey> owner, String because) implements Inspected {}

    /**
     * @param notes warnings of the refresh
     * @param block why the object cannot be refreshed, or empty
     * @param differsNow whether a refresh by the policy in force would change something
     * @param pods the most pods that its new revision would start
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

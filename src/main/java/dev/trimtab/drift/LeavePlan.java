package dev.trimtab.drift;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.gpu.GpuCount;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of one object when it leaves Trimtab.
 *
 * @param begun whether an earlier run made the first write: KServe may roll it at any moment
 * @param because why it cannot leave, or what it waits for; else empty
 * @param pods the most that its new revision starts; 0 without one
 * @param podGpus of each pod
 */
public record LeavePlan(
        ObjectKey key,
        Optional<ObjectKey> owner,
        Outcome outcome,
        boolean begun,
        List<Taken> taken,
        String because,
        int pods,
        GpuCount podGpus)
        implements Comparable<LeavePlan> {
    public enum Outcome {
        /** A new revision, or a rollout of the Deployment. */
        ROLLS,
        /** It loses the record, and its pods stay. */
        STAYS,
        /** Knative refuses its author's template. */
        BLOCKED,
        STARTING,
        LEFT
    }

    /** One field that changes; {@code after} is missing if nothing replaces it. */
    public record Taken(JsonPointer at, JsonNode stored, JsonNode after) {}

    public LeavePlan {
        taken = List.copyOf(taken);
    }

    public boolean is(Outcome other) {
        return outcome == other;
    }

    public GpuCount gpus() {
        return podGpus.times(pods);
    }

    public long gpuCount() {
        return podGpus.whole() * pods;
    }

    /** Those that KServe may roll at any moment come first, to have their room before others. */
    @Override
    public int compareTo(LeavePlan other) {
        return begun == other.begun ? key.compareTo(other.key) : Boolean.compare(other.begun, begun);
    }
}

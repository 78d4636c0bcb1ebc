package dev.trimtab.drift;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.gpu.GpuCount;
import java.util.List;
import java.util.Optional;

/**
 * The plan for one object that leaves Trimtab.
 *
 * @param begun whether an earlier run made the first write: KServe may start new pods at any moment
 * @param because why the object cannot leave, or what it waits for; else empty
 * @param pods the most pods that its new revision starts; 0 if there is none
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
        /** It loses the record and keeps its pods. */
        STAYS,
        /** Knative would refuse the write. */
        BLOCKED,
        STARTING,
        LEFT
    }

    /** @param after missing if nothing replaces the stored value */
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

    /** Begun objects come first: KServe may start their pods at any moment, so they need their room before others. */
    @Override
    public int compareTo(LeavePlan other) {
        return begun == other.begun ? key.compareTo(other.key) : Boolean.compare(other.begun, begun);
    }
}

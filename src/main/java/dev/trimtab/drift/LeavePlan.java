package dev.trimtab.drift;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.gpu.GpuCount;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of one object when Trimtab lets go of it.
 *
 * @param owner the InferenceService or InferenceGraph that KServe rendered it for
 * @param begun whether an earlier run made the first write: KServe may roll it at any moment
 * @param taken the fields that change
 * @param because why it cannot leave, or what it waits for; else empty
 * @param pods how many its new revision starts, at most; 0 where none comes
 * @param podGpus what each of them asks for
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
    /** What becomes of it. */
    public enum Outcome {
        /** A new revision, or a rollout of the Deployment. */
        ROLLS,
        /** It loses the record, and its pods stay. */
        STAYS,
        /** Its author's template is one that Knative refuses. */
        BLOCKED,
        /** It has left, and what was started by that is not ready yet. */
        STARTING,
        /** It has left. */
        LEFT
    }

    /**
     * One field that changes.
     *
     * @param stored what stands there now
     * @param after what will; missing where nothing does
     */
    public record Taken(JsonPointer at, JsonNode stored, JsonNode after) {}

    public LeavePlan {
        taken = List.copyOf(taken);
    }

    public boolean is(Outcome other) {
        return outcome == other;
    }

    /** What all of its new pods ask for. */
    public GpuCount gpus() {
        return podGpus.times(pods);
    }

    /** The same in GPUs, as {@link GpuCount#cards} counts them. */
    public long cards() {
        return podGpus.cards() * pods;
    }

    /** Those that KServe may roll at any moment come first, so that they have their room before others take it. */
    @Override
    public int compareTo(LeavePlan other) {
        return begun == other.begun ? key.compareTo(other.key) : Boolean.compare(other.begun, begun);
    }
}

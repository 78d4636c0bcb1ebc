package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.rules.Decision;
import dev.trimtab.rules.Draft.PodSpec;
import dev.trimtab.rules.Facts;
import dev.trimtab.rules.RevisionDefaults;
import dev.trimtab.stability.Outcome.Course;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The stability contract: the rules run only if a new revision comes anyway. An UPDATE that does not change the
 * author's template gets the stored values, whatever the present policy is.
 *
 * <p>A pure function of both objects and the facts. So the result is the same on a dry-run, and on reinvocation after
 * Knative's defaulting.
 */
public final class StabilityContract {
    /** Annotation on the object. Any new text asks once for the current policy. */
    public static final String REFRESH = "trimtab.dev/refresh";

    private static final JsonPointer LEFT = Pointers.of("metadata", "annotations", FillRecord.LEFT);

    /** More than any document was seen to need. A review ends in any case. */
    private static final int PASSES = 3;

    @FunctionalInterface
    public interface Filling {
        List<Decision> apply(ObjectNode document, PodSpec podSpec);
    }

    private final Facts facts;
    private final Filling rules;

    public StabilityContract(Facts facts, Filling rules) {
        this.facts = facts;
        this.rules = rules;
    }

    /**
     * Repeats until the result is stable. Rules can undo the author's change, for example clamp a value to the stored
     * one. On reinvocation the same request would then be a replay and get another answer.
     *
     * @param incoming the object as the API server sends it; not changed
     * @param stored the object as it is stored; empty on CREATE
     */
    public Outcome admit(ObjectNode incoming, Optional<ObjectNode> stored) {
        ObjectNode sent =
                stored.map(it -> FillWithdrawal.fromOtherRollout(incoming, it)).orElse(incoming);
        Outcome outcome = admitOnce(sent, stored);
        for (int pass = 0; pass < PASSES && outcome.course() == Course.CHANGED; pass++) {
            Outcome again = admitOnce(outcome.result(), stored);
            if (again.result().equals(outcome.result())) {
                return outcome;
            }
            List<Decision> decisions = new ArrayList<>(outcome.decisions());
            decisions.addAll(again.decisions());
            outcome = new Outcome(again.course(), again.result(), decisions);
        }
        return outcome;
    }

    private Outcome admitOnce(ObjectNode incoming, Optional<ObjectNode> stored) {
        Write write = Write.of(incoming, stored, facts);
        Optional<Outcome> settled = settled(write, incoming);
        if (settled.isPresent()) {
            return settled.get();
        }
        if (write instanceof Write.Refreshed) {
            return refreshed(incoming, stored.orElseThrow());
        }
        if (write instanceof Write.Changed it) {
            return changed(incoming, stored.orElseThrow(), it.record());
        }
        List<FillRecord> earlier = List.of(FillRecord.of(incoming));
        return fill(Course.CREATED, incoming.deepCopy(), incoming, incoming, earlier, PodSpec.WHOLE);
    }

    /**
     * Admits an UPDATE of an object that is switched off. Nothing new is filled, and nothing is undone. An unchanged
     * template gets the recorded values back. A changed template stays as sent, and its record loses entries that no
     * longer hold.
     */
    public Outcome giveBack(ObjectNode sent, ObjectNode stored) {
        ObjectNode incoming = FillWithdrawal.fromOtherRollout(sent, stored);
        Write write = Write.whileOff(incoming, stored, facts);
        Optional<Outcome> settled = settled(write, incoming);
        if (settled.isPresent()) {
            return settled.get();
        }
        FillRecord record = ((Write.Changed) write).record();
        Optional<FillRecord> answered = answeredOnDryRun(incoming);
        if (answered.isPresent()) {
            return adopted(incoming, answered.get(), List.of(record));
        }
        Outcome outcome = left(incoming, "the author changed the template: nothing new is filled");
        record.within(incoming).writeAsStored(stored, outcome.result());
        return outcome;
    }

    private static Optional<Outcome> settled(Write write, ObjectNode incoming) {
        if (write instanceof Write.Left it) {
            return Optional.of(left(incoming, it.because()));
        }
        if (write instanceof Write.Unchanged it) {
            return Optional.of(it.outcome());
        }
        return write instanceof Write.Replayed it ? Optional.of(it.outcome()) : Optional.empty();
    }

    private Outcome refreshed(ObjectNode incoming, ObjectNode stored) {
        // KServe never asks for a refresh, so a clamp label on a refresh is a copy.
        ObjectNode unlabelled = ClampLabels.takenOff(incoming);
        ObjectNode draft = incoming.deepCopy();
        RecordOfWrite.known(stored, unlabelled).takeOut(draft);
        FillRecord.ofLeft(stored).takeOut(draft);
        Pointers.remove(draft, LEFT);
        return fill(Course.REFRESHED, draft, incoming, stored, List.of(FillRecord.of(incoming)), PodSpec.WHOLE);
    }

    private Outcome changed(ObjectNode incoming, ObjectNode stored, FillRecord record) {
        ObjectNode sent = incoming.deepCopy();
        if (new Manifest(incoming).kind() == Kind.DEPLOYMENT) {
            // In Audit mode too: the API server would refuse two handlers.
            FillWithdrawal.fromMergedProbe(sent, stored, record);
        }
        List<FillRecord> earlier = List.of(record, RecordOfWrite.known(incoming, incoming), ClampLabels.read(incoming));
        Optional<FillRecord> answered = answeredOnDryRun(incoming);
        if (answered.isPresent()) {
            return adopted(incoming, answered.get(), earlier);
        }
        ObjectNode draft = sent.deepCopy();
        boolean byKServe = isByKServe(incoming);
        if (!byKServe) {
            // KServe renders a whole template anew: its values are the author's, never merged with ours.
            FillWithdrawal.forOtherSpelling(draft, stored, record);
            FillWithdrawal.forOtherDataset(draft, stored, record);
            FillWithdrawal.forOtherMetric(draft, stored, record);
            FillWithdrawal.forNewLimits(draft, record, facts.knative());
        }
        PodSpec podSpec = new KnativeService(incoming).revisionName().isEmpty() ? PodSpec.WHOLE : PodSpec.FIXED;
        Outcome outcome = fill(Course.CHANGED, draft, sent, stored, earlier, podSpec);
        if (facts.policy().mode() == Mode.ENFORCE && byKServe) {
            ClampLabels.write(outcome.decisions(), record, outcome.result());
            FillLabels.write(FillRecord.of(outcome.result()), outcome.result());
        }
        return outcome;
    }

    /** The fills that KServe's dry-run got a moment ago. Empty if this is no real UPDATE after a dry-run. */
    private static Optional<FillRecord> answeredOnDryRun(ObjectNode incoming) {
        return isByKServe(incoming) ? FillLabels.read(incoming) : Optional.empty();
    }

    private static boolean isByKServe(ObjectNode object) {
        return new Manifest(object).kind() == Kind.KNATIVE_SERVICE
                && new KnativeService(object).origin() != Kind.KNATIVE_SERVICE;
    }

    /**
     * For KServe's real UPDATE: keeps the dry-run's answer, whatever changed in between, and adds the missing record.
     */
    private Outcome adopted(ObjectNode incoming, FillRecord answered, List<FillRecord> earlier) {
        List<Decision> decisions = new ArrayList<>();
        answered.filled()
                .forEach((at, value) ->
                        decisions.add(new Decision.Agreed("replay", at, value, "what KServe's dry-run was answered")));
        ObjectNode result = incoming.deepCopy();
        RecordOfWrite.after(decisions, asStored(result), earlier).writeTo(result);
        return new Outcome(Course.CHANGED, result, decisions);
    }

    /** @param stored the object as it is stored; on CREATE the incoming one */
    private Outcome fill(
            Course course,
            ObjectNode draft,
            ObjectNode incoming,
            ObjectNode stored,
            List<FillRecord> earlier,
            PodSpec podSpec) {
        List<Decision> decisions = rules.apply(draft, podSpec);
        boolean refused = decisions.stream().anyMatch(Decision.Refused.class::isInstance);
        if (facts.policy().mode() == Mode.AUDIT || refused) {
            ObjectNode result = incoming.deepCopy();
            if (course != Course.CREATED) {
                // Fills that the author's change removed are no longer ours.
                FillRecord.of(stored).within(incoming).writeAsStored(stored, result);
            }
            return new Outcome(course, result, decisions);
        }
        if (mayRecord(course, decisions, incoming)) {
            // Only earlier records are held against what will be stored.
            boolean first = earlier.stream().allMatch(FillRecord::isEmpty);
            RecordOfWrite.after(decisions, first ? draft : asStored(draft), earlier)
                    .writeTo(draft);
            boolean isFirst = FillRecord.of(stored).isEmpty();
            if (isFirst && !new Manifest(draft).annotations().fit()) {
                return left(
                        incoming, "the record of fills does not fit into 256 KiB of annotations: nothing is filled");
            }
        }
        return new Outcome(course, draft, decisions);
    }

    /** With Knative's defaults: a fill stays ours if Knative fills in the same value. */
    private ObjectNode asStored(ObjectNode draft) {
        boolean sound = new KnativeService(draft).podSpec().isObject();
        return sound && new Manifest(draft).kind() == Kind.KNATIVE_SERVICE
                ? RevisionDefaults.filledIn(draft, facts.knative().defaults())
                : draft;
    }

    /**
     * Whether to write a record. An annotation on an InferenceService starts new pods, so there must be a fill. A new
     * hand-written Service that lacks nothing gets no record: {@code trimtab fix} may have written it.
     */
    private static boolean mayRecord(Course course, List<Decision> decisions, ObjectNode incoming) {
        if (new Manifest(incoming).annotations().has(FillRecord.ANNOTATION)
                || decisions.stream().anyMatch(Decision.Filled.class::isInstance)) {
            return true;
        }
        Kind kind = new Manifest(incoming).kind();
        boolean byHand = kind == Kind.KNATIVE_SERVICE && new KnativeService(incoming).origin() == Kind.KNATIVE_SERVICE;
        boolean complete =
                byHand && course == Course.CREATED && decisions.stream().noneMatch(Decision.Clamped.class::isInstance);
        return !kind.isRendered() && kind != Kind.POD_AUTOSCALER && !complete;
    }

    private static Outcome left(ObjectNode incoming, String because) {
        return new Outcome(Course.LEFT, incoming.deepCopy(), List.of(new Decision.Left("stability", because)));
    }
}

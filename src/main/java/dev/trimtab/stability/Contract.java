package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.Mode;
import dev.trimtab.rules.Decision;
import dev.trimtab.rules.Facts;
import dev.trimtab.rules.PodSpec;
import dev.trimtab.rules.RevisionDefaults;
import dev.trimtab.stability.Outcome.Course;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The stability contract: decides what a write means, and lets the rules run only where a new
 * revision comes anyway. KServe sends its own, unfilled Service on each reconcile and adopts the answer, so an UPDATE
 * that does not change the author's template must come out exactly as it is stored, whatever the policy says by now.
 *
 * <p>A pure function of the incoming object, the stored one and the facts: the same on dry-run, and the same when the
 * API server asks again after Knative's defaulting.
 */
public final class Contract {
    /** On the object: any new text asks for the current policy, once. */
    public static final String REFRESH = "trimtab.dev/refresh";

    private static final JsonPointer LEFT = Pointers.of("metadata", "annotations", FillRecord.LEFT);

    private static final String BROKEN_ANNOTATIONS =
            "metadata.annotations is no map: the API server refuses this with its own message";

    /** More than any document was seen to need; a review ends in any case. */
    private static final int PASSES = 3;

    /** What fills a document, in place. */
    @FunctionalInterface
    public interface Filling {
        /** @param podSpec what may be filled in it */
        List<Decision> apply(ObjectNode document, PodSpec podSpec);
    }

    private final Facts facts;
    private final Filling rules;

    /**
     * @param facts what is known besides the object
     * @param rules run where new pods come anyway
     */
    public Contract(Facts facts, Filling rules) {
        this.facts = facts;
        this.rules = rules;
    }

    /**
     * What an UPDATE comes to where Trimtab is to keep off: off means nothing new, never undo. A template that its author
     * did not change gets back what is recorded; a changed one is left as it is sent, and the record loses what is no
     * longer true. A label on the template that switches Trimtab off is no change.
     */
    public Outcome giveBack(ObjectNode incoming, ObjectNode stored) {
        if (!new Manifest(incoming).annotations().canBeWritten()) {
            return left(incoming, BROKEN_ANNOTATIONS);
        }
        if (isLeft(incoming, stored)) {
            return letGo(incoming);
        }
        ObjectNode labelled = IgnoreLabel.asStored(incoming, stored);
        FillRecord record = Fills.known(FillRecord.of(stored), labelled);
        return unchanged(labelled, stored, record)
                .orElseGet(() -> new Replay(stored, record, facts).isUnchanged(labelled)
                        ? new Replay(stored, record, facts).apply(labelled)
                        : nothingNew(incoming, stored, record));
    }

    private Outcome nothingNew(ObjectNode incoming, ObjectNode stored, FillRecord record) {
        Optional<FillRecord> answered = isByKServe(incoming) ? FillLabels.read(incoming) : Optional.empty();
        if (answered.isPresent()) {
            return adopted(incoming, answered.get(), List.of(record));
        }
        Outcome outcome = left(incoming, "the author changed the template: nothing new is filled");
        Fills.within(record, incoming).writeAsStored(stored, outcome.result());
        return outcome;
    }

    /**
     * @param incoming the object as the API server sends it; not changed
     * @param stored the object as it is stored, empty on CREATE
     */
    public Outcome admit(ObjectNode incoming, Optional<ObjectNode> stored) {
        Outcome outcome = admitOnce(incoming, stored);
        // A change may vanish once the rules are done with it: a value clamped to the very one that is stored, a clamp
        // that was dropped and is filled with the same. Asked again, we would find nothing changed and replay; so that
        // the API server may ask as often as it likes, the answer is what we would say in the end.
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
        if (!new Manifest(incoming).annotations().canBeWritten()) {
            return left(incoming, BROKEN_ANNOTATIONS);
        }
        if (isLeft(incoming, stored.orElse(incoming)) && !asksForRefresh(incoming, stored.orElse(incoming))) {
            return letGo(incoming);
        }
        if (stored.isEmpty()) {
            return fill(
                    Course.CREATED,
                    incoming.deepCopy(),
                    incoming,
                    incoming,
                    List.of(FillRecord.of(incoming)),
                    PodSpec.WHOLE);
        }
        return update(incoming, stored.get());
    }

    private Outcome refreshed(ObjectNode incoming, ObjectNode stored) {
        // A label that says what was clamped is KServe's to carry, and KServe asks for nothing.
        ObjectNode told = ClampLabels.takenOff(incoming);
        ObjectNode draft = incoming.deepCopy();
        Fills.takeOut(Fills.known(FillRecord.of(stored), told), draft);
        Fills.takeOut(FillRecord.ofLeft(stored), draft);
        Pointers.remove(draft, LEFT);
        return fill(Course.REFRESHED, draft, incoming, stored, List.of(FillRecord.of(incoming)), PodSpec.WHOLE);
    }

    /** What a template that is as stored comes to; empty for any other. */
    private Optional<Outcome> unchanged(ObjectNode incoming, ObjectNode stored, FillRecord record) {
        boolean same = TemplateComparison.same(
                incoming, stored, new Manifest(incoming).kind().template());
        if (!same || lacksOurs(incoming, stored, record)) {
            return Optional.empty();
        }
        ObjectNode result = incoming.deepCopy();
        record.writeAsStored(stored, result);
        return Optional.of(new Outcome(Course.UNCHANGED, result, Replay.warnings(stored, record, facts)));
    }

    private Outcome update(ObjectNode incoming, ObjectNode stored) {
        if (asksForRefresh(incoming, stored)) {
            return refreshed(incoming, stored);
        }
        FillRecord record = Fills.known(FillRecord.of(stored), incoming);
        ObjectNode labelled = IgnoreLabel.asStored(incoming, stored);
        Optional<Outcome> unchanged = unchanged(labelled, stored, record);
        if (unchanged.isPresent()) {
            return unchanged.get();
        }
        Replay replay = new Replay(stored, record, facts);
        if (replay.isUnchanged(labelled)) {
            Outcome replayed = replay.apply(labelled);
            // In Audit mode nothing new is filled, and what we filled before stays put.
            DefaultsOfToday defaults =
                    new DefaultsOfToday(stored, facts.knative().defaults());
            if (facts.policy().mode() == Mode.AUDIT || !defaults.changes(replayed.result())) {
                return replayed;
            }
        }
        String name = new KnativeService(incoming).revisionName();
        if (!name.isEmpty() && name.equals(new KnativeService(stored).revisionName())) {
            return left(
                    incoming,
                    "the template changed under the same revision name: Knative's refusal shows the difference");
        }
        Kind kind = new Manifest(incoming).kind();
        ObjectNode sent = incoming.deepCopy();
        if (kind == Kind.DEPLOYMENT) {
            // In Audit mode too: the API server would refuse two handlers.
            GiveWay.toMergedProbe(sent, stored, record);
        }
        ObjectNode draft = sent.deepCopy();
        boolean byKServe = isByKServe(incoming);
        List<FillRecord> earlier =
                List.of(record, Fills.known(FillRecord.of(incoming), incoming), ClampLabels.read(incoming));
        Optional<FillRecord> answered = byKServe ? FillLabels.read(incoming) : Optional.empty();
        if (answered.isPresent()) {
            return adopted(incoming, answered.get(), earlier);
        }
        if (!byKServe) {
            // KServe renders a Service's whole template anew: both spellings in it are its author's, never a merge with
            // ours.
            GiveWay.toOtherSpelling(draft, stored, record);
            GiveWay.toOtherDataset(draft, stored, record);
            GiveWay.toOtherMetric(draft, record);
        }
        Outcome outcome =
                fill(Course.CHANGED, draft, sent, stored, earlier, name.isEmpty() ? PodSpec.WHOLE : PodSpec.FIXED);
        if (facts.policy().mode() == Mode.ENFORCE && byKServe) {
            ClampLabels.write(outcome.decisions(), outcome.result());
            ClampLabels.writeGivenUp(outcome.decisions(), record, outcome.result());
            FillLabels.write(FillRecord.of(outcome.result()), outcome.result());
        }
        return outcome;
    }

    /**
     * KServe's real UPDATE, with what its dry-run was answered a moment ago: that stands, whatever policy, configuration
     * and cluster have become in between, and only the record is missing.
     */
    private Outcome adopted(ObjectNode incoming, FillRecord answered, List<FillRecord> earlier) {
        List<Decision> decisions = new ArrayList<>();
        answered.filled()
                .forEach((at, value) ->
                        decisions.add(new Decision.Agreed("replay", at, value, "what KServe's dry-run was answered")));
        ObjectNode result = incoming.deepCopy();
        Fills.record(decisions, asStored(result), earlier).writeTo(result);
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
                // What the author's change took away is no longer ours.
                Fills.within(FillRecord.of(stored), incoming).writeAsStored(stored, result);
            }
            return new Outcome(course, result, decisions);
        }
        if (mayRecord(course, decisions, incoming)) {
            Fills.record(decisions, asStored(draft), earlier).writeTo(draft);
        }
        return new Outcome(course, draft, decisions);
    }

    /** What was ours and Knative now fills with the same value is ours still: asked again, we would find it there. */
    private ObjectNode asStored(ObjectNode draft) {
        boolean sound = new KnativeService(draft).podSpec().isObject();
        return sound && new Manifest(draft).kind() == Kind.KNATIVE_SERVICE
                ? RevisionDefaults.filledIn(draft, facts.knative().defaults())
                : draft;
    }

    /**
     * An annotation on an InferenceService starts new pods: without a fill there is nothing worth that. Nor has a new
     * hand-written Service that lacks nothing anything of ours: what {@code trimtab fix} wrote into a file is its author's
     * by then. What KServe sends may be what its dry-run was answered, and is recorded in any case.
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

    /** Whether a fill outside of the template is missing, where the stored object has it. */
    private static boolean lacksOurs(ObjectNode incoming, ObjectNode stored, FillRecord record) {
        return record.filled().keySet().stream()
                .anyMatch(at -> Pointers.isAbsent(incoming.at(at)) && !Pointers.isAbsent(stored.at(at)));
    }

    private static boolean asksForRefresh(ObjectNode incoming, ObjectNode stored) {
        Optional<String> token = new Manifest(incoming).annotations().text(REFRESH);
        return token.isPresent()
                && !token.get().isEmpty()
                && !token.equals(new Manifest(stored).annotations().text(REFRESH));
    }

    private static boolean isByKServe(ObjectNode object) {
        return new Manifest(object).kind() == Kind.KNATIVE_SERVICE
                && new KnativeService(object).origin() != Kind.KNATIVE_SERVICE;
    }

    /** Whether somebody had Trimtab let go of an object. KServe's dry-run does not carry the annotation. */
    private static boolean isLeft(ObjectNode incoming, ObjectNode stored) {
        return LettingGo.hasBegun(incoming) || LettingGo.hasBegun(stored);
    }

    private static Outcome letGo(ObjectNode incoming) {
        return left(incoming, "annotation %s: a new token in %s takes it back".formatted(FillRecord.LEFT, REFRESH));
    }

    private static Outcome left(ObjectNode incoming, String because) {
        return new Outcome(Course.LEFT, incoming.deepCopy(), List.of(new Decision.Left("stability", because)));
    }
}

package dev.trimtab.stability;

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
            return left(incoming, "metadata.annotations is no map: the API server refuses this with its own message");
        }
        boolean left = LettingGo.hasBegun(incoming)
                || stored.filter(LettingGo::hasBegun).isPresent();
        if (left && stored.filter(it -> asksForRefresh(incoming, it)).isEmpty()) {
            return left(incoming, "annotation " + LettingGo.ANNOTATION + ": it has left Trimtab");
        }
        if (stored.isEmpty()) {
            return fill(Course.CREATED, incoming.deepCopy(), incoming, List.of(FillRecord.of(incoming)));
        }
        return update(incoming, stored.get());
    }

    private Outcome update(ObjectNode incoming, ObjectNode stored) {
        FillRecord record = Fills.known(FillRecord.of(stored), incoming);
        if (asksForRefresh(incoming, stored)) {
            ObjectNode draft = incoming.deepCopy();
            Fills.takeOut(record, draft);
            return fill(Course.REFRESHED, draft, incoming, List.of(FillRecord.of(incoming)));
        }
        boolean same = TemplateComparison.same(
                incoming, stored, new Manifest(incoming).kind().template());
        if (same && !lacksOurs(incoming, stored, record)) {
            ObjectNode result = incoming.deepCopy();
            record.writeAsStored(stored, result);
            return new Outcome(Course.UNCHANGED, result, Replay.warnings(stored, record, facts));
        }
        Replay replay = new Replay(stored, record, facts);
        if (replay.isUnchanged(incoming)) {
            Outcome replayed = replay.apply(incoming);
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
        boolean byKServe =
                kind == Kind.KNATIVE_SERVICE && new KnativeService(incoming).origin() != Kind.KNATIVE_SERVICE;
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
        Outcome outcome = fill(Course.CHANGED, draft, sent, earlier, name.isEmpty() ? PodSpec.WHOLE : PodSpec.FIXED);
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

    private Outcome fill(Course course, ObjectNode draft, ObjectNode incoming, List<FillRecord> earlier) {
        return fill(course, draft, incoming, earlier, PodSpec.WHOLE);
    }

    private Outcome fill(
            Course course, ObjectNode draft, ObjectNode incoming, List<FillRecord> earlier, PodSpec podSpec) {
        List<Decision> decisions = rules.apply(draft, podSpec);
        boolean refused = decisions.stream().anyMatch(Decision.Refused.class::isInstance);
        if (facts.policy().mode() == Mode.AUDIT || refused) {
            return new Outcome(course, incoming.deepCopy(), decisions);
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

    private static Outcome left(ObjectNode incoming, String because) {
        return new Outcome(Course.LEFT, incoming.deepCopy(), List.of(new Decision.Left("stability", because)));
    }
}

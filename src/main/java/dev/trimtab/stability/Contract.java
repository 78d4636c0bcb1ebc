package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.ScaleAnnotation;
import dev.trimtab.manifest.Annotations;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.InitialScaleOnUpdate;
import dev.trimtab.policy.Mode;
import dev.trimtab.rules.Decision;
import dev.trimtab.rules.Facts;
import dev.trimtab.rules.RuleSet;
import dev.trimtab.stability.Outcome.Course;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The stability contract for a Knative Service: decides what a write means, and lets the rules run only where a new
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

    private final RuleSet rules;

    public Contract(RuleSet rules) {
        this.rules = rules;
    }

    /**
     * @param incoming the object as the API server sends it; not changed
     * @param stored the object as it is stored, empty on CREATE
     */
    public Outcome admit(ObjectNode incoming, Optional<ObjectNode> stored, Facts facts) {
        Outcome outcome = admitOnce(incoming, stored, facts);
        // A change may vanish once the rules are done with it: a value clamped to the very one that is stored, a clamp
        // that was dropped and is filled with the same. Asked again, we would find nothing changed and replay; so that
        // the API server may ask as often as it likes, the answer is what we would say in the end.
        for (int pass = 0; pass < PASSES && outcome.course() == Course.CHANGED; pass++) {
            Outcome again = admitOnce(outcome.result(), stored, facts);
            if (again.result().equals(outcome.result())) {
                return outcome;
            }
            List<Decision> decisions = new ArrayList<>(outcome.decisions());
            decisions.addAll(again.decisions());
            outcome = new Outcome(again.course(), again.result(), decisions);
        }
        return outcome;
    }

    private Outcome admitOnce(ObjectNode incoming, Optional<ObjectNode> stored, Facts facts) {
        if (!new Manifest(incoming).annotations().canBeWritten()) {
            return left(incoming, "metadata.annotations is no map: the API server refuses this with its own message");
        }
        if (stored.isEmpty()) {
            return fill(Course.CREATED, incoming.deepCopy(), incoming, List.of(FillRecord.of(incoming)), facts);
        }
        return update(incoming, stored.get(), facts);
    }

    private Outcome update(ObjectNode incoming, ObjectNode stored, Facts facts) {
        FillRecord record = Fills.known(FillRecord.of(stored), incoming);
        if (asksForRefresh(incoming, stored)) {
            ObjectNode draft = incoming.deepCopy();
            Fills.takeOut(record, draft);
            return fill(Course.REFRESHED, draft, incoming, List.of(FillRecord.of(incoming)), facts);
        }
        if (TemplateComparison.same(incoming, stored, KnativeService.TEMPLATE)) {
            ObjectNode result = incoming.deepCopy();
            record.writeAsStored(stored, result);
            return new Outcome(Course.UNCHANGED, result, Replay.warnings(stored, facts));
        }
        Replay replay = new Replay(stored, record, facts);
        if (replay.isUnchanged(incoming)) {
            return replay.apply(incoming);
        }
        String name = new KnativeService(incoming).revisionName();
        if (!name.isEmpty() && name.equals(new KnativeService(stored).revisionName())) {
            return left(
                    incoming,
                    "the template changed under the same revision name: Knative's refusal shows the difference");
        }
        ObjectNode draft = incoming.deepCopy();
        boolean byKServe = new KnativeService(incoming).origin() != Kind.KNATIVE_SERVICE;
        if (!byKServe) {
            // KServe renders the whole template anew: both spellings in it are its author's, never a merge with ours.
            giveWay(draft, stored, record);
        }
        List<FillRecord> earlier = List.of(
                record,
                Fills.known(FillRecord.of(incoming), incoming),
                ClampLabels.read(incoming),
                FillLabels.read(incoming));
        Outcome outcome = fill(Course.CHANGED, draft, incoming, earlier, facts, !name.isEmpty());
        if (facts.policy().mode() == Mode.ENFORCE && byKServe) {
            ClampLabels.write(outcome.decisions(), outcome.result());
            ClampLabels.writeGivenUp(outcome.decisions(), record, outcome.result());
            if (facts.policy().scaling().initialScaleOnUpdate() == InitialScaleOnUpdate.TRAFFIC_MATCHED) {
                FillLabels.write(outcome.decisions(), outcome.result());
            }
        }
        return outcome;
    }

    private Outcome fill(Course course, ObjectNode draft, ObjectNode incoming, List<FillRecord> earlier, Facts facts) {
        return fill(course, draft, incoming, earlier, facts, false);
    }

    private Outcome fill(
            Course course,
            ObjectNode draft,
            ObjectNode incoming,
            List<FillRecord> earlier,
            Facts facts,
            boolean podSpecIsFixed) {
        List<Decision> decisions =
                FillLabels.withoutLeftOut(rules.apply(draft, facts, podSpecIsFixed), incoming, draft);
        boolean refused = decisions.stream().anyMatch(Decision.Refused.class::isInstance);
        if (facts.policy().mode() == Mode.AUDIT || refused) {
            return new Outcome(course, incoming.deepCopy(), decisions);
        }
        Fills.record(decisions, draft, earlier).writeTo(draft);
        return new Outcome(course, draft, decisions);
    }

    /**
     * Where the author now writes the other spelling of a key that we had filled, ours goes: Knative reads the
     * kebab-case one first, and would not see the author's.
     */
    private static void giveWay(ObjectNode draft, ObjectNode stored, FillRecord record) {
        Annotations now = new KnativeService(draft).templateAnnotations();
        Annotations before = new KnativeService(stored).templateAnnotations();
        for (ScaleAnnotation key : ScaleAnnotation.values()) {
            JsonPointer ours = KnativeService.annotation(key.key());
            JsonNode value = record.filled().get(ours);
            boolean untouched = value != null && value.equals(draft.at(ours));
            boolean authorWrites = key.spellings().stream()
                    .skip(1)
                    .anyMatch(other -> now.has(other)
                            && !now.map().path(other).equals(before.map().path(other)));
            // On a second pass what stands there may be what the first one made of the author's value.
            boolean clamped = FillRecord.of(draft).clamped().containsKey(ours)
                    || ClampLabels.read(draft).clamped().containsKey(ours);
            if (untouched && authorWrites && !clamped) {
                Pointers.remove(draft, ours);
            }
        }
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

package dev.trimtab.drift;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.drift.Difference.Change;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.manifest.Annotations;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.policy.Policy.EffectivePolicy;
import dev.trimtab.policy.Scaling.InitialScaleOnUpdate;
import dev.trimtab.review.Review;
import dev.trimtab.review.Reviewer;
import dev.trimtab.rules.Decision;
import dev.trimtab.rules.Legality;
import dev.trimtab.rules.Legality.Illegal;
import dev.trimtab.rules.RevisionDefaults;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.stability.FillRecord;
import dev.trimtab.stability.Outcome.Course;
import dev.trimtab.stability.StabilityContract;
import dev.trimtab.stability.TemplateComparison;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Compares a stored object with its refresh, by the review that the refresh would get. In Audit mode it reviews as if
 * the policy were enforced: otherwise a refresh does nothing.
 */
final class DriftCheck {
    private static final JsonPointer REFRESH = Pointers.of("metadata", "annotations", StabilityContract.REFRESH);

    /** Any token other than the stored one asks for a refresh. */
    private static final String OTHER = "+";

    /**
     * @param block why the object cannot be refreshed, or empty
     * @param left why the object is not reviewed at all, or empty
     */
    record Drift(List<Difference> differences, List<String> notes, String block, ObjectNode result, String left) {
        Drift {
            differences = List.copyOf(differences);
            notes = List.copyOf(notes);
        }
    }

    private final Reviewer reviewer;
    private final Settings settings;

    DriftCheck(Reviewer reviewer, Settings settings) {
        this.reviewer = reviewer;
        this.settings = settings.withPolicy(settings.policy().enforced());
    }

    Drift of(Manifest stored) {
        Manifest asking = new Manifest(stored.root().deepCopy());
        String token = stored.annotations().text(StabilityContract.REFRESH).orElse("") + OTHER;
        Pointers.set(asking.root(), REFRESH, TextNode.valueOf(token));
        Review review = reviewer.review(asking, Optional.of(stored), stored.namespace(), settings);
        if (review.course() != Course.REFRESHED) {
            return new Drift(
                    List.of(),
                    List.of(),
                    "",
                    stored.root(),
                    review.decisions().get(0).because());
        }
        ObjectNode result =
                RevisionDefaults.stored(review.result(), settings.knative().defaults());
        Differences found = new Differences(stored.root(), result, review.decisions(), settings.knative());
        List<Difference> differences = new ArrayList<>(found.all());
        if (review.kind() == Kind.KNATIVE_SERVICE) {
            differences.addAll(found.ofKnative(
                    RevisionDefaults.of(result, settings.knative().defaults()).keySet()));
        }
        if (isMatched(stored) && differences.stream().allMatch(found::isOfTheMoment)) {
            differences = List.of();
        }
        List<String> notes = Stream.concat(
                        found.stillIllegal().stream(),
                        review.decisions().stream()
                                .filter(Decision.Warned.class::isInstance)
                                .map(Decision::because))
                .distinct()
                .toList();
        return new Drift(differences, notes, block(stored, review, differences), result, "");
    }

    /** Whether initial-scale follows the number of running pods. A change of that number is no difference. */
    private boolean isMatched(Manifest stored) {
        return reviewer.policiesFor(stored, stored.namespace(), settings).values().stream()
                .map(EffectivePolicy::scaling)
                .anyMatch(it -> it.initialScaleOnUpdate() == InitialScaleOnUpdate.TRAFFIC_MATCHED);
    }

    private static String block(Manifest stored, Review review, List<Difference> differences) {
        Optional<Decision> refused = review.decisions().stream()
                .filter(Decision.Refused.class::isInstance)
                .findFirst();
        if (refused.isPresent()) {
            return "the policy denies it: " + refused.get().because();
        }
        String name = new KnativeService(stored.root()).revisionName();
        boolean rolls = Differences.roll(stored.kind(), differences);
        return stored.kind() == Kind.KNATIVE_SERVICE && !name.isEmpty() && rolls
                ? "its author names the revision %s: Knative takes another template only under another name"
                        .formatted(name)
                : "";
    }

    static final class Differences {
        private static final String INITIAL_SCALE = "initial-scale";

        private final ObjectNode stored;
        private final ObjectNode result;
        private final FillRecord record;
        private final Map<JsonPointer, Illegal> illegal;
        private final Map<JsonPointer, Decision> decided = new LinkedHashMap<>();

        Differences(ObjectNode stored, ObjectNode result, List<Decision> decisions, KnativeConfig knative) {
            this.stored = stored;
            this.result = result;
            this.record = FillRecord.of(stored);
            this.illegal = Legality.of(stored, knative);
            for (Decision decision : decisions) {
                if (decision instanceof Decision.Filled it) {
                    decided.put(it.at(), it);
                } else if (decision instanceof Decision.Clamped it) {
                    decided.put(it.at(), it);
                } else if (decision instanceof Decision.Agreed it) {
                    decided.putIfAbsent(it.at(), it);
                }
            }
        }

        List<Difference> all() {
            List<Difference> all = new ArrayList<>();
            decided.forEach((at, decision) -> {
                if (!TemplateComparison.same(result, stored, at)) {
                    all.add(difference(at, decision));
                }
            });
            record.filled().keySet().stream()
                    .filter(at -> !decided.containsKey(at) && isDropped(at))
                    .forEach(at -> all.add(dropped(at)));
            record.clamped().keySet().stream()
                    .filter(at -> !decided.containsKey(at) && !record.filled().containsKey(at))
                    .filter(at -> !TemplateComparison.same(result, stored, at))
                    .forEach(at -> all.add(dropped(at)));
            all.removeIf(it -> isOtherSpelling(it.at()));
            return all;
        }

        private boolean isOtherSpelling(JsonPointer at) {
            Annotations before = new KnativeService(stored).templateAnnotations();
            Annotations after = new KnativeService(result).templateAnnotations();
            return Arrays.stream(ScaleAnnotation.values())
                    .filter(key -> key.spellings().stream()
                            .anyMatch(it -> KnativeService.annotation(it).equals(at)))
                    .anyMatch(key ->
                            before.value(key).isPresent() && before.value(key).equals(after.value(key)));
        }

        /** Knative's defaults that nothing pins. Any write of the object adds them and starts new pods. */
        List<Difference> ofKnative(Set<JsonPointer> places) {
            return places.stream()
                    .filter(at -> !decided.containsKey(at) && !record.filled().containsKey(at))
                    .filter(at -> Pointers.isAbsent(stored.at(at)) && !TemplateComparison.same(result, stored, at))
                    .map(at -> new Difference(
                            "-",
                            at,
                            stored.at(at),
                            result.at(at),
                            Change.FILLED,
                            "Knative's current default, which any write adds",
                            false))
                    .toList();
        }

        /** Notes on values that Knative refuses even after a refresh. */
        List<String> stillIllegal() {
            return illegal.keySet().stream()
                    .filter(at -> TemplateComparison.same(result, stored, at))
                    .map(at -> "Knative refuses %s: %s; its author has to change it".formatted(at, stored.at(at)))
                    .toList();
        }

        /** KServe copies any annotation of an InferenceService into its pods. */
        static boolean roll(Kind kind, List<Difference> differences) {
            String template = kind.template() + "/";
            return kind.isRendered()
                    ? !differences.isEmpty()
                    : differences.stream().anyMatch(it -> it.at().toString().startsWith(template));
        }

        /** Whether the difference is a filled initial-scale, which does not matter once a revision runs. */
        boolean isOfTheMoment(Difference difference) {
            return difference.rule().equals(INITIAL_SCALE)
                    && difference.change() == Change.CHANGED
                    && record.filled().containsKey(difference.at());
        }

        private Difference difference(JsonPointer at, Decision decision) {
            JsonNode before = stored.at(at);
            Illegal forbidden = illegal.get(at);
            if (forbidden != null) {
                return new Difference(
                        forbidden.rule(), at, before, result.at(at), Change.ILLEGAL, forbidden.because(), false);
            }
            return new Difference(
                    decision.rule(), at, before, result.at(at), change(at, decision), decision.because(), false);
        }

        private Change change(JsonPointer at, Decision decision) {
            if (Pointers.isAbsent(stored.at(at))) {
                return Change.FILLED;
            }
            boolean ours = record.filled().containsKey(at) || record.clamped().containsKey(at);
            return decision instanceof Decision.Clamped && !ours ? Change.CLAMPED : Change.CHANGED;
        }

        /** If an entry of a list is removed, the next one moves into its place. */
        private boolean isDropped(JsonPointer at) {
            return !Pointers.isAbsent(stored.at(at)) && !TemplateComparison.same(result, stored, at);
        }

        private Difference dropped(JsonPointer at) {
            JsonNode after = at.last().mayMatchElement() ? MissingNode.getInstance() : result.at(at);
            String unfilled = "an earlier fill; no rule fills it any more";
            Illegal forbidden = illegal.get(at);
            if (forbidden == null) {
                return new Difference("-", at, stored.at(at), after, Change.DROPPED, unfilled, false);
            }
            String because =
                    after.equals(forbidden.nearest()) ? forbidden.because() : "Knative refuses it by now; " + unfilled;
            return new Difference(forbidden.rule(), at, stored.at(at), after, Change.ILLEGAL, because, false);
        }
    }
}

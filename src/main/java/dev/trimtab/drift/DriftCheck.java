package dev.trimtab.drift;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.EffectivePolicy;
import dev.trimtab.policy.InitialScaleOnUpdate;
import dev.trimtab.review.Review;
import dev.trimtab.review.Reviewer;
import dev.trimtab.rules.Decision;
import dev.trimtab.rules.RevisionDefaults;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.stability.Contract;
import dev.trimtab.stability.Outcome.Course;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Compares a stored object with what a refresh would make of it, by the review that the refresh would get. In Audit mode a
 * refresh does nothing: then it is as if the policy were enforced.
 */
final class DriftCheck {
    private static final JsonPointer REFRESH = Pointers.of("metadata", "annotations", Contract.REFRESH);

    /** Any token that is not the stored one asks for a refresh. */
    private static final String OTHER = "+";

    /**
     * What a refresh would do to one object.
     *
     * @param differences what it would change
     * @param notes what it would warn of, and leave
     * @param block why it cannot be refreshed; empty where it can
     * @param result what would be stored
     * @param left why it is not reviewed at all; empty where it is
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
        String token = stored.annotations().text(Contract.REFRESH).orElse("") + OTHER;
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
        ObjectNode result = defaulted(review);
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

    /** With what Knative fills in after us. */
    private ObjectNode defaulted(Review review) {
        KnativeConfig knative = settings.knative();
        boolean sound = new KnativeService(review.result()).podSpec().isObject();
        if (review.kind() != Kind.KNATIVE_SERVICE || !sound) {
            return review.result();
        }
        ObjectNode filled = RevisionDefaults.filledIn(review.result(), knative.defaults());
        RevisionDefaults.readiness(filled).forEach((at, probe) -> Pointers.set(filled, at, probe));
        return filled;
    }

    /** Whether initial-scale follows the pods that run at the moment: another number later is no difference. */
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
}

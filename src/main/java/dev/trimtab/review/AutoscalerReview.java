package dev.trimtab.review;

import dev.trimtab.aibrix.PodAutoscalerFills;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.rules.Facts;
import dev.trimtab.stability.Contract;
import dev.trimtab.stability.Outcome;
import java.util.Map;
import java.util.Optional;

/** Fills a PodAutoscaler of AIBrix. What is wrong with it is said by {@link AutoscalerGuard}. */
final class AutoscalerReview {
    private AutoscalerReview() {}

    static Review of(Manifest object, Optional<Manifest> stored, FactsLookup lookup) {
        Facts facts = lookup.ofObject(object);
        Contract contract = new Contract(
                facts,
                (document, podSpec) -> PodAutoscalerFills.apply(document, lookup.ofAutoscaler(new Manifest(document))));
        Outcome outcome = contract.admit(object.root(), stored.map(Manifest::root));
        Notices notices = new Notices(facts, outcome);
        return new Review(
                object.kind(),
                outcome.course(),
                outcome.result(),
                outcome.decisions(),
                Map.of(),
                notices.warnings(),
                notices.refusal());
    }
}

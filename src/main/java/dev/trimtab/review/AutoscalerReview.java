package dev.trimtab.review;

import dev.trimtab.aibrix.PodAutoscalerFills;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.rules.Decision;
import dev.trimtab.rules.Facts;
import dev.trimtab.stability.Contract;
import dev.trimtab.stability.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fills a PodAutoscaler of AIBrix. What is wrong with it is said by {@link AutoscalerGuard}. */
final class AutoscalerReview {
    private AutoscalerReview() {}

    /** @param advice what its author should know besides */
    static Review of(Manifest object, Optional<Manifest> stored, FactsLookup lookup, List<Decision> advice) {
        Facts facts = lookup.ofObject(object);
        Contract contract = new Contract(
                facts,
                (document, podSpec) -> PodAutoscalerFills.apply(document, lookup.ofAutoscaler(new Manifest(document))));
        Outcome outcome = contract.admit(object.root(), stored.map(Manifest::root));
        List<Decision> decisions = new ArrayList<>(outcome.decisions());
        decisions.addAll(advice);
        Notices notices = new Notices(facts, outcome);
        notices.addAdvice(advice);
        return new Review(
                object.kind(),
                outcome.course(),
                outcome.result(),
                decisions,
                Map.of(),
                notices.warnings(),
                notices.refusal());
    }
}

package dev.trimtab.review;

import dev.trimtab.manifest.Manifest;
import dev.trimtab.rules.Decision;
import dev.trimtab.rules.Facts;
import dev.trimtab.rules.RuleSet;
import dev.trimtab.stability.Contract;
import dev.trimtab.stability.Outcome;
import dev.trimtab.stability.Outcome.Course;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reviews what pods are made of: a Knative Service, or a Deployment of KServe's Standard mode. */
final class WorkloadReview {
    /** Where the rules run, and profiles matter. */
    private static final Set<Course> FILLING = EnumSet.of(Course.CREATED, Course.CHANGED, Course.REFRESHED);

    private final RuleSet rules;

    WorkloadReview(RuleSet rules) {
        this.rules = rules;
    }

    /** @param advice what its author should know besides */
    Review of(Manifest object, Optional<Manifest> stored, FactsLookup lookup, List<Decision> advice) {
        Facts facts = lookup.of(object, stored.isPresent());
        Contract contract = new Contract(facts, (document, podSpec) -> rules.apply(document, facts, podSpec));
        Outcome outcome = contract.admit(object.root(), stored.map(Manifest::root));
        List<Decision> decisions = new ArrayList<>(outcome.decisions());
        if (FILLING.contains(outcome.course())) {
            lookup.unknownFormat(object).ifPresent(decisions::add);
        }
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

    /** For an object that Trimtab is to keep off: silent, since nothing new is decided. */
    Review giveBack(Manifest object, Manifest stored, FactsLookup lookup, String because) {
        Facts facts = lookup.of(object, true);
        Contract contract = new Contract(facts, (document, podSpec) -> List.of());
        Outcome outcome = contract.giveBack(object.root(), stored.root());
        List<Decision> decisions = new ArrayList<>(List.of(new Decision.Left("scope", because)));
        decisions.addAll(outcome.decisions());
        return new Review(object.kind(), outcome.course(), outcome.result(), decisions, Map.of(), List.of(), "");
    }
}

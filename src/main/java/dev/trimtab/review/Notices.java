package dev.trimtab.review;

import dev.trimtab.policy.Mode;
import dev.trimtab.rules.Decision;
import dev.trimtab.rules.Facts;
import dev.trimtab.stability.Outcome;
import dev.trimtab.stability.Outcome.Course;
import java.util.ArrayList;
import java.util.List;

/**
 * What the author of an object is told: the warnings, and why it must not be stored. In Audit mode nothing is done, only
 * said, and so nothing is refused.
 */
final class Notices {
    private final boolean audit;
    private final List<String> warnings = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();

    /** Of what was decided on the object itself. */
    Notices(Facts facts, Outcome outcome) {
        audit = facts.policy().mode() == Mode.AUDIT && outcome.course() != Course.REPLAYED;
        add(outcome.decisions(), "", audit ? "would fill" : "filled");
    }

    /** Of what its author should know besides. */
    void addAdvice(List<Decision> decisions) {
        add(decisions, "", "");
    }

    /** Of what will be decided on the Service or Deployment that KServe renders for a component. */
    void addForecast(String component, List<Decision> decisions) {
        add(decisions, component + ": ", audit ? "would get" : "will get");
    }

    private void add(List<Decision> decisions, String component, String verb) {
        warnings.addAll(Warnings.of(decisions, "trimtab: " + (audit ? "(audit) " : "") + component, verb, audit));
        if (!audit) {
            decisions.stream()
                    .filter(Decision.Refused.class::isInstance)
                    .map(decision -> component + decision.because())
                    .forEach(refusals::add);
        }
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Empty where the object may be stored. */
    String refusal() {
        return String.join("; ", refusals);
    }
}

package dev.trimtab.review;

import com.fasterxml.jackson.core.JsonPointer;
import dev.trimtab.autoscalers.Problem;
import dev.trimtab.rules.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the checks of a PodAutoscaler come to.
 *
 * @param refusals why it must not be stored
 * @param warnings what its author should know
 * @param enforced whether it is refused; with mode Audit the refusals are only said
 */
public record AutoscalerVerdict(List<Problem> refusals, List<Problem> warnings, boolean enforced) {
    /** Kubernetes cuts a warning at 256 characters (Dynamic Admission Control). */
    private static final int LONGEST = 256;

    public AutoscalerVerdict {
        refusals = List.copyOf(refusals);
        warnings = List.copyOf(warnings);
    }

    public boolean isAllowed() {
        return refusals.isEmpty() || !enforced;
    }

    /** For metrics and the log, each check as a rule by its number. */
    List<Decision> decisions() {
        List<Decision> decisions = new ArrayList<>();
        refusals.forEach(it -> decisions.add(
                enforced
                        ? new Decision.Denied(rule(it), JsonPointer.empty(), it.text())
                        : new Decision.Warned(rule(it), JsonPointer.empty(), it.text())));
        warnings.forEach(it -> decisions.add(new Decision.Warned(rule(it), JsonPointer.empty(), it.text())));
        return decisions;
    }

    private static String rule(Problem problem) {
        return "aibrix-" + problem.check().term();
    }

    /** Why it is refused; empty where it is not. */
    public String refusal() {
        return isAllowed() ? "" : refusals.stream().map(AutoscalerVerdict::text).collect(Collectors.joining("; "));
    }

    /** The warnings as the author sees them. */
    public List<String> said() {
        List<String> lines = new ArrayList<>();
        if (isAllowed()) {
            refusals.forEach(
                    it -> lines.add(Warnings.shortened("trimtab: (audit) would refuse: " + text(it), LONGEST)));
        }
        warnings.forEach(it -> lines.add(Warnings.shortened("trimtab: " + text(it), LONGEST)));
        return lines;
    }

    private static String text(Problem problem) {
        return problem.text() + " (" + problem.check().term() + ")";
    }
}

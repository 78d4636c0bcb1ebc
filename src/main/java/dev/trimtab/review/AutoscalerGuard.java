package dev.trimtab.review;

import com.fasterxml.jackson.core.JsonPointer;
import dev.trimtab.autoscalers.Checks;
import dev.trimtab.autoscalers.Problem;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.AibrixCheck.Severity;
import dev.trimtab.policy.Policy.Aibrix;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.review.AdmissionResponse.Endpoint;
import dev.trimtab.rules.Decision;
import dev.trimtab.snapshot.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks PodAutoscalers of AIBrix before they are stored. No update is refused for a fault that the stored object has
 * too: a newer check, or a later conflict, must not block other changes.
 */
public final class AutoscalerGuard {
    private final Set<String> excludedNamespaces;

    public AutoscalerGuard(Set<String> excludedNamespaces) {
        this.excludedNamespaces = Set.copyOf(excludedNamespaces);
    }

    /** Denies new faults of checks with severity Deny. In Audit mode it only warns. */
    public AdmissionResponse answer(AdmissionRequest request, Settings settings) {
        Optional<AutoscalerVerdict> verdict =
                request.object().map(it -> verdict(it, request.stored(), request.namespace(), settings));
        return AdmissionResponse.of(
                Endpoint.GUARD,
                request,
                Review.judged(
                        request,
                        verdict.map(AutoscalerVerdict::decisions).orElse(List.of()),
                        verdict.map(AutoscalerVerdict::said).orElse(List.of()),
                        verdict.map(AutoscalerVerdict::refusal).orElse("")));
    }

    public AutoscalerVerdict verdict(Manifest object, Optional<Manifest> stored, String namespace, Settings settings) {
        List<Problem> before = stored.map(it -> found(it, namespace, settings)).orElse(List.of());
        List<Problem> refusals = new ArrayList<>();
        List<Problem> warnings = new ArrayList<>();
        for (Problem problem : problems(object, namespace, settings)) {
            boolean isNew = before.stream().noneMatch(problem::isSame);
            (isNew && isDenied(problem, settings) ? refusals : warnings).add(problem);
        }
        return new AutoscalerVerdict(
                refusals, warnings, settings.policyOf(namespace).mode() == Mode.ENFORCE);
    }

    /** The faults of an object. Empty if Trimtab does not check it. */
    public List<Problem> problems(Manifest object, String namespace, Settings settings) {
        return isChecked(object, namespace) ? found(object, namespace, settings) : List.of();
    }

    /** Ignores the ignore label: the stored object may have had it until now. */
    private static List<Problem> found(Manifest object, String namespace, Settings settings) {
        return Checks.find(new FactsLookup(settings, namespace).ofAutoscaler(object));
    }

    public static boolean isDenied(Problem problem, Settings settings) {
        Aibrix policy = settings.policy().aibrix();
        return policy.severity(problem.check()) == Severity.DENY;
    }

    public boolean isChecked(Manifest object, String namespace) {
        return object.kind() == Kind.POD_AUTOSCALER
                && !object.isBeingDeleted()
                && !object.isIgnored()
                && !excludedNamespaces.contains(namespace);
    }

    /** @param enforced false in Audit mode: refusals are then warnings */
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

        /** Decisions for metrics and the log. Each check counts as a rule. */
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

        public String refusal() {
            return isAllowed()
                    ? ""
                    : refusals.stream().map(AutoscalerVerdict::text).collect(Collectors.joining("; "));
        }

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
}

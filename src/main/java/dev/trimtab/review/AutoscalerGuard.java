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
 * Checks PodAutoscalers of AIBrix before they are stored. An update is never refused for what the stored object has too:
 * a check that a newer Trimtab brings, or a conflict that came later, is not in the way of a change of something else.
 */
public final class AutoscalerGuard {
    private final Set<String> excludedNamespaces;

    /** @param excludedNamespaces where nothing is checked */
    public AutoscalerGuard(Set<String> excludedNamespaces) {
        this.excludedNamespaces = Set.copyOf(excludedNamespaces);
    }

    /** Denies what the checks find, with mode Audit only warns of it. */
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

    /**
     * What the checks say of an object.
     *
     * @param stored empty if the object is new
     */
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

    /** What is wrong with an object, by the checks that the policy does not switch off; nothing where Trimtab keeps off. */
    public List<Problem> problems(Manifest object, String namespace, Settings settings) {
        return isChecked(object, namespace) ? found(object, namespace, settings) : List.of();
    }

    /** Also of one that was left out until now: to take the label off touches no field. */
    private static List<Problem> found(Manifest object, String namespace, Settings settings) {
        return Checks.find(new FactsLookup(settings, namespace).ofAutoscaler(object));
    }

    /** Whether the policy has an object refused for it. */
    public static boolean isDenied(Problem problem, Settings settings) {
        Aibrix policy = settings.policy().aibrix();
        return policy.severity(problem.check()) == Severity.DENY;
    }

    /** Whether it is Trimtab's to judge. */
    public boolean isChecked(Manifest object, String namespace) {
        return object.kind() == Kind.POD_AUTOSCALER
                && !object.isBeingDeleted()
                && !object.isIgnored()
                && !excludedNamespaces.contains(namespace);
    }

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
            return isAllowed()
                    ? ""
                    : refusals.stream().map(AutoscalerVerdict::text).collect(Collectors.joining("; "));
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
}

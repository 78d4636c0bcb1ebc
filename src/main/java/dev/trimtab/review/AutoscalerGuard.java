package dev.trimtab.review;

import dev.trimtab.autoscalers.Checks;
import dev.trimtab.autoscalers.Problem;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Aibrix;
import dev.trimtab.policy.Mode;
import dev.trimtab.policy.Severity;
import dev.trimtab.review.AdmissionResponse.Endpoint;
import dev.trimtab.snapshot.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
}

package dev.trimtab.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.aibrix.Checks;
import dev.trimtab.aibrix.Problem;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Aibrix;
import dev.trimtab.policy.Mode;
import dev.trimtab.policy.Severity;
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

    /** Whether an AdmissionReview is about a PodAutoscaler. */
    public static boolean isFor(JsonNode body) {
        return body.at("/request/object/kind").asText("").equals("PodAutoscaler");
    }

    /**
     * Answers an AdmissionReview.
     *
     * @throws MalformedReview for a body that is none; the caller answers 400
     */
    public AutoscalerVerdict answer(JsonNode body, Settings settings) throws MalformedReview {
        AdmissionRequest request = AdmissionRequest.parse(body);
        boolean update = "UPDATE".equals(request.operation());
        Optional<Manifest> stored = update ? request.oldObject() : Optional.empty();
        Found found = request.object()
                .map(it -> judge(it, stored, request.namespace(), settings))
                .orElse(Found.NOTHING);
        return new AutoscalerVerdict(
                request.uid(),
                request.operation(),
                request.namespace(),
                request.name(),
                found.refusals(),
                found.warnings(),
                settings.policyOf(request.namespace()).mode() == Mode.ENFORCE);
    }

    /**
     * What is found, by what comes of it with Enforce.
     *
     * @param refusals why it must not be stored
     * @param warnings what its author should know
     */
    private record Found(List<Problem> refusals, List<Problem> warnings) {
        static final Found NOTHING = new Found(List.of(), List.of());
    }

    private Found judge(Manifest object, Optional<Manifest> stored, String namespace, Settings settings) {
        List<Problem> before = stored.map(it -> found(it, namespace, settings)).orElse(List.of());
        List<Problem> refusals = new ArrayList<>();
        List<Problem> warnings = new ArrayList<>();
        for (Problem problem : problems(object, namespace, settings)) {
            boolean isNew = before.stream().noneMatch(problem::isSame);
            (isNew && isDenied(problem, settings) ? refusals : warnings).add(problem);
        }
        return new Found(refusals, warnings);
    }

    /**
     * The verdict on an object that nobody has sent.
     *
     * @param stored empty where it would be new
     */
    public AutoscalerVerdict verdict(Manifest object, Optional<Manifest> stored, String namespace, Settings settings) {
        Found found = judge(object, stored, namespace, settings);
        return new AutoscalerVerdict(
                "",
                stored.isPresent() ? "UPDATE" : "CREATE",
                namespace,
                object.name(),
                found.refusals(),
                found.warnings(),
                settings.policyOf(namespace).mode() == Mode.ENFORCE);
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

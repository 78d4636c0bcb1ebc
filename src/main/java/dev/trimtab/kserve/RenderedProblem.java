package dev.trimtab.kserve;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.knative.validation.FieldProblem;
import dev.trimtab.knative.validation.FieldProblem.KnativePath;
import dev.trimtab.knative.validation.ServiceRules;
import dev.trimtab.knative.validation.ServiceTypes;
import dev.trimtab.kserve.Model.ModelBlock;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.types.TypeCheck;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A reason why Knative will refuse the Service that KServe renders for a component. KServe retries without end, and
 * does not tell the author.
 *
 * @param rendered the place in the Service
 * @param authored the place in the InferenceService or InferenceGraph
 * @param message in Knative's words, without the place
 */
public record RenderedProblem(JsonPointer rendered, JsonPointer authored, String message) {
    private static final JsonPointer NAME = Pointers.of("metadata", "name");

    /** Messages that may be wrong, since a ServingRuntime, unknown here, may change the pod. */
    private static final List<String> BY_RUNTIME = List.of(
            "missing field(s)",
            "expected exactly one, got neither",
            "not mounted",
            "has no matching volume",
            "duplicate container name");

    /** @param service as KServe renders it, with Trimtab's fills */
    public static List<RenderedProblem> of(Component component, ObjectNode service, KnativeConfig knative) {
        // In this case the API server refuses the author's object itself.
        if (!TypeCheck.of(service, ServiceTypes.SERVICE).isEmpty()) {
            return List.of();
        }
        Set<RenderedProblem> problems = new LinkedHashSet<>();
        // KServe makes the whole pod of a graph. A component with neither model nor containers is incomplete.
        boolean runtime = component.isGraph()
                || ModelBlock.name(component.node()).isPresent()
                || component.node().path("containers").isEmpty();
        for (FieldProblem problem : ServiceRules.problemsOnCreate(service, knative)) {
            if (runtime && BY_RUNTIME.stream().anyMatch(problem.message()::contains)) {
                continue;
            }
            if (problem.paths().isEmpty()) {
                problems.add(new RenderedProblem(KnativeService.POD_SPEC, component.at(), message(problem)));
            }
            for (String path : problem.paths()) {
                JsonPointer rendered = KnativePath.deepest(service, path);
                authored(component, rendered)
                        .filter(at ->
                                !at.equals(NAME) || component.object().at(at).isTextual())
                        .map(at -> new RenderedProblem(rendered, at, message(problem)))
                        .filter(it -> problems.stream().noneMatch(it::isSame))
                        .ifPresent(problems::add);
            }
        }
        return List.copyOf(problems);
    }

    /** In a template, the nearest authored place if the author wrote no such value. */
    private static Optional<JsonPointer> authored(Component component, JsonPointer rendered) {
        boolean isTemplate = rendered.toString().startsWith(KnativeService.TEMPLATE + "/");
        return AuthoredPlace.of(component, rendered)
                .or(() -> isTemplate ? Optional.of(AuthoredPlace.nearest(component, rendered)) : Optional.empty());
    }

    /** Whether the author would read the same twice: one {@code timeout} becomes two of Knative's. */
    private boolean isSame(RenderedProblem other) {
        return message.equals(other.message) && authored.equals(other.authored);
    }

    private static String message(FieldProblem problem) {
        String line = problem.message() + (problem.details().isEmpty() ? "" : ": " + problem.details());
        return line.replaceAll("\\s*\\R\\s*", " ");
    }
}

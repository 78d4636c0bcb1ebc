package dev.trimtab.knative.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.DefaultsConfig;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.types.TypeCheck;
import dev.trimtab.types.TypeProblem;
import java.util.ArrayList;
import java.util.List;

/**
 * Knative's verdict on a Knative Service: the same reasons, in the same words, as its validating webhook gives after its
 * defaulting one has filled the document (Knative 1.23). An image reference is only asked to be there, not parsed.
 *
 * <p>An empty list is acceptance. No document makes these methods throw.
 */
public final class ServiceRules {
    private static final String NAME_UNCHANGED = "Saw the following changes without a name change (-old +new)";

    private ServiceRules() {}

    /** Verdict on a CREATE; the reasons in Knative's order, each with its paths. */
    public static List<String> onCreate(ObjectNode service, KnativeConfig config) {
        return texts(check(service, config));
    }

    /** As {@link #onCreate}, for whoever asks where each problem is. */
    public static List<FieldProblem> problemsOnCreate(ObjectNode service, KnativeConfig config) {
        return FieldProblem.merged(check(service, config));
    }

    /**
     * Verdict on an UPDATE of the Service, not of its status. Beyond that on a CREATE: the creator stays who it is, and
     * a template that brings its own revision name changes only together with that name. Knative adds a diff of Go
     * structs to that last reason; here it stops after the path.
     *
     * @param old the Service as it is stored
     */
    public static List<String> onUpdate(ObjectNode service, ObjectNode old, KnativeConfig config) {
        List<FieldProblem> problems = new ArrayList<>(check(service, config));
        boolean changed = !isSame(service.path("spec"), old.path("spec"));
        problems.addAll(MetadataRules.checkChange(service.path("metadata"), old.path("metadata"), changed));
        problems.addAll(checkRevisionName(Fields.at(service, "spec", "template"), Fields.at(old, "spec", "template")));
        return texts(problems);
    }

    /** Whether two parts of a Service or Deployment are the same Go structs: then no new revision comes of the change. */
    public static boolean isSame(JsonNode one, JsonNode other) {
        return Canonical.of(one).equals(Canonical.of(other));
    }

    private static List<String> texts(List<FieldProblem> problems) {
        return FieldProblem.merged(problems).stream().map(FieldProblem::text).toList();
    }

    private static List<FieldProblem> check(ObjectNode service, KnativeConfig config) {
        List<TypeProblem> types = TypeCheck.of(service, ServiceTypes.SERVICE);
        if (!types.isEmpty()) {
            return FieldProblem.of(types);
        }
        JsonNode metadata = service.path("metadata");
        JsonNode template = Fields.at(service, "spec", "template");
        List<FieldProblem> problems = new ArrayList<>(FieldProblem.under("metadata", MetadataRules.check(metadata)));
        problems.addAll(
                FieldProblem.under("spec.template", TemplateRules.check(template, metadata, config.autoscaler())));
        problems.addAll(
                FieldProblem.under("spec.template.spec", PodSpecRules.check(template.path("spec"), config.features())));
        problems.addAll(
                FieldProblem.under("spec.template.spec", checkNumbers(template.path("spec"), config.defaults())));
        problems.addAll(FieldProblem.under("spec", TrafficRules.check(service.path("spec"))));
        return problems;
    }

    /** Of the three timeouts only that of the whole request is checked by Knative. */
    private static List<FieldProblem> checkNumbers(JsonNode pod, DefaultsConfig defaults) {
        List<FieldProblem> problems = new ArrayList<>();
        long timeout = Fields.integer(pod, "timeoutSeconds");
        long longest = defaults.maxRevisionTimeoutSeconds();
        if (timeout < 0 || timeout > longest) {
            problems.add(FieldProblem.outOfBounds(timeout, 0, longest, "timeoutSeconds"));
        }
        long concurrency = Fields.has(pod, "containerConcurrency")
                ? Fields.integer(pod, "containerConcurrency")
                : defaults.containerConcurrency();
        int least = defaults.allowContainerConcurrencyZero() ? 0 : 1;
        long most = defaults.containerConcurrencyMaxLimit();
        if (concurrency < least || concurrency > most) {
            problems.add(FieldProblem.outOfBounds(concurrency, least, most, "containerConcurrency"));
        }
        return problems;
    }

    /**
     * An unchanged revision name with a changed template: the revision exists and cannot change. Knative fills no
     * defaults in then, so a template freshly rendered without them is a changed one.
     */
    private static List<FieldProblem> checkRevisionName(JsonNode template, JsonNode old) {
        String name = Fields.text(template.path("metadata"), "name");
        boolean unchanged = !name.isEmpty() && name.equals(Fields.text(old.path("metadata"), "name"));
        if (unchanged && !Canonical.of(template).equals(Canonical.of(old))) {
            return List.of(FieldProblem.of(NAME_UNCHANGED, "spec.template.metadata.name"));
        }
        return List.of();
    }
}

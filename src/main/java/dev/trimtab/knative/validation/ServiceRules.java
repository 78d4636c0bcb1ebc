package dev.trimtab.knative.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.DefaultsConfig;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.types.TypeCheck;
import dev.trimtab.types.TypeCheck.TypeProblem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks a Knative Service as Knative's webhooks do (Knative 1.23), with their messages. An image must exist, but is
 * not parsed.
 *
 * <p>An empty list means that Knative accepts the Service. These methods throw for no document.
 */
public final class ServiceRules {
    private static final String NAME_UNCHANGED = "Saw the following changes without a name change (-old +new)";

    private ServiceRules() {}

    /** In Knative's order, each with its paths. */
    public static List<String> onCreate(ObjectNode service, KnativeConfig config) {
        return texts(check(service, config));
    }

    /** As {@link #onCreate}, with the places. */
    public static List<FieldProblem> problemsOnCreate(ObjectNode service, KnativeConfig config) {
        return FieldProblem.merged(check(service, config));
    }

    /**
     * As {@link #onCreate}. Moreover the creator must not change, and the template of a named revision only with its
     * name. Knative adds a diff of Go structs to the latter reason; here it stops after the path.
     */
    public static List<String> onUpdate(ObjectNode service, ObjectNode old, KnativeConfig config) {
        List<FieldProblem> problems = new ArrayList<>(check(service, config));
        boolean changed = !isSame(service.path("spec"), old.path("spec"));
        problems.addAll(MetadataRules.checkChange(service.path("metadata"), old.path("metadata"), changed));
        problems.addAll(checkRevisionName(Fields.at(service, "spec", "template"), Fields.at(old, "spec", "template")));
        return texts(problems);
    }

    /** Whether two parts are equal as Go structs, so that the change makes no new revision. */
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

    /** Of the timeouts, Knative checks only that of the whole request. */
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
     * A named revision cannot change. Knative fills in no defaults then, so a template rendered without them counts as
     * changed.
     */
    private static List<FieldProblem> checkRevisionName(JsonNode template, JsonNode old) {
        String name = Fields.text(template.path("metadata"), "name");
        boolean unchanged = !name.isEmpty() && name.equals(Fields.text(old.path("metadata"), "name"));
        if (unchanged && !Canonical.of(template).equals(Canonical.of(old))) {
            return List.of(FieldProblem.of(NAME_UNCHANGED, "spec.template.metadata.name"));
        }
        return List.of();
    }

    /**
     * Removes what Go drops: nulls, zero numbers, false, empty texts, maps and lists, and the CRD's default protocol
     * TCP.
     */
    static final class Canonical {
        /** Kinds of volumes and probes. They count even if they are empty. */
        private static final Set<String> POINTERS = Set.of("emptyDir", "tcpSocket", "httpGet", "exec", "grpc");
        /** For these, zero and false are values. */
        private static final Set<String> OPTIONAL = Set.of(
                "containerConcurrency",
                "timeoutSeconds",
                "idleTimeoutSeconds",
                "responseStartTimeoutSeconds",
                "enableServiceLinks",
                "automountServiceAccountToken",
                "runAsUser",
                "runAsGroup");

        private Canonical() {}

        static JsonNode of(JsonNode node) {
            return canonical(node, "");
        }

        private static JsonNode canonical(JsonNode node, String field) {
            if (node.isObject()) {
                ObjectNode map = JsonNodeFactory.instance.objectNode();
                boolean quantities = field.equals("limits") || field.equals("requests");
                boolean texts = field.equals("annotations") || field.equals("labels");
                node.properties().forEach(entry -> {
                    JsonNode value = canonical(entry.getValue(), entry.getKey());
                    if (quantities) {
                        map.put(entry.getKey(), value.asText());
                    } else if (texts ? !value.isNull() : !isZero(value, entry.getKey())) {
                        map.set(entry.getKey(), value);
                    }
                });
                return map;
            }
            if (node.isArray()) {
                ArrayNode list = JsonNodeFactory.instance.arrayNode();
                node.forEach(element -> list.add(canonical(element, field)));
                return list;
            }
            // For Jackson, an int and a long of the same value differ.
            return node.isIntegralNumber() ? JsonNodeFactory.instance.numberNode(node.bigIntegerValue()) : node;
        }

        private static boolean isZero(JsonNode value, String field) {
            if (value.isContainerNode()) {
                return value.isEmpty() && !POINTERS.contains(field);
            }
            if (value.isTextual()) {
                return value.asText().isEmpty()
                        || (field.equals("protocol") && value.asText().equals("TCP"));
            }
            boolean zero = (value.isNumber() && value.asDouble() == 0) || (value.isBoolean() && !value.asBoolean());
            return value.isNull() || value.isMissingNode() || (zero && !OPTIONAL.contains(field));
        }
    }

    static final class TrafficRules {
        private TrafficRules() {}

        static List<FieldProblem> check(JsonNode spec) {
            List<JsonNode> targets = Fields.list(spec, "traffic");
            if (targets.isEmpty()) {
                return List.of();
            }
            List<FieldProblem> problems = new ArrayList<>();
            Map<String, Integer> tags = new HashMap<>();
            long sum = 0;
            for (int i = 0; i < targets.size(); i++) {
                sum += Fields.integer(targets.get(i), "percent");
                problems.addAll(FieldProblem.under("traffic[" + i + "]", target(targets.get(i))));
                String tag = Fields.text(targets.get(i), "tag");
                Integer first = tag.isEmpty() ? null : tags.putIfAbsent(tag, i);
                if (first != null) {
                    problems.add(FieldProblem.of(
                            "Multiple definitions for " + GoParsing.quote(tag),
                            "traffic[" + i + "].tag",
                            "traffic[" + first + "].tag"));
                }
            }
            if (sum != 100) {
                problems.add(FieldProblem.of("Traffic targets sum to " + sum + ", want 100", "traffic"));
            }
            return problems;
        }

        private static List<FieldProblem> target(JsonNode target) {
            List<FieldProblem> problems = new ArrayList<>();
            String revision = Fields.text(target, "revisionName");
            boolean latest = Fields.isTrue(target, "latestRevision");
            if (Fields.has(target, "latestRevision") && latest != revision.isEmpty()) {
                problems.add(FieldProblem.of(
                        "may not set revisionName %s when latestRevision is %s"
                                .formatted(GoParsing.quote(revision), latest),
                        "latestRevision"));
            }
            if (!Fields.text(target, "configurationName").isEmpty()) {
                problems.add(FieldProblem.disallowed("configurationName"));
            } else if (!revision.isEmpty()) {
                QualifiedName.objection(revision)
                        .ifPresent(it -> problems.add(
                                FieldProblem.of("invalid key name " + GoParsing.quote(revision), "revisionName")
                                        .withDetails(it)));
            }
            long percent = Fields.integer(target, "percent");
            if (percent < 0 || percent > 100) {
                problems.add(FieldProblem.outOfBounds(percent, 0, 100, "percent"));
            }
            if (!Fields.text(target, "url").isEmpty()) {
                problems.add(FieldProblem.disallowed("url"));
            }
            String tag = Fields.text(target, "tag");
            if (!tag.isEmpty()) {
                DnsLabel.objection(tag)
                        .ifPresent(it -> problems.add(FieldProblem.invalidValue("not a DNS 1035 label: " + it, "tag")));
            }
            return problems;
        }
    }
}

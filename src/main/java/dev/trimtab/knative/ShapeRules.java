package dev.trimtab.knative;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Whether the fields that the rules look at have the types of Knative's Go structs. A document that has not is refused
 * before any rule is asked; Knative words that otherwise ("cannot decode incoming new object: json: …"), as its decoder
 * names Go types.
 */
final class ShapeRules {
    private static final List<String> POD_NUMBERS =
            List.of("timeoutSeconds", "responseStartTimeoutSeconds", "idleTimeoutSeconds", "containerConcurrency");
    private static final List<String> POD_MAPS = List.of("affinity", "securityContext", "dnsConfig", "nodeSelector");
    private static final List<String> POD_LISTS =
            List.of("tolerations", "hostAliases", "imagePullSecrets", "topologySpreadConstraints");
    private static final List<String> POD_TEXTS =
            List.of("serviceAccountName", "runtimeClassName", "priorityClassName", "schedulerName", "dnsPolicy");
    private static final List<String> PROBES = List.of("readinessProbe", "livenessProbe", "startupProbe");
    private static final List<String> PROBE_NUMBERS =
            List.of("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold");
    private static final List<String> HANDLERS = List.of("httpGet", "tcpSocket", "exec", "grpc");

    private final List<FieldProblem> problems = new ArrayList<>();

    private ShapeRules() {}

    static List<FieldProblem> service(JsonNode service) {
        ShapeRules shape = new ShapeRules();
        shape.metadata(service.get("metadata"), "metadata");
        JsonNode spec = service.get("spec");
        if (shape.map(spec, "spec")) {
            shape.maps(spec.get("traffic"), "spec.traffic");
            JsonNode template = spec.get("template");
            if (shape.map(template, "spec.template")) {
                shape.metadata(template.get("metadata"), "spec.template.metadata");
                shape.pod(template.get("spec"), "spec.template.spec");
            }
        }
        return shape.problems;
    }

    /** Annotations on their own; the paths are the keys. */
    static List<FieldProblem> annotations(JsonNode annotations) {
        ShapeRules shape = new ShapeRules();
        shape.texts(annotations, "");
        return shape.problems;
    }

    private void metadata(JsonNode metadata, String path) {
        if (map(metadata, path)) {
            text(metadata.get("name"), path + ".name");
            text(metadata.get("generateName"), path + ".generateName");
            texts(metadata.get("annotations"), path + ".annotations");
            texts(metadata.get("labels"), path + ".labels");
        }
    }

    private void pod(JsonNode pod, String path) {
        if (!map(pod, path)) {
            return;
        }
        POD_NUMBERS.forEach(field -> integer(pod.get(field), path + "." + field));
        POD_MAPS.forEach(field -> map(pod.get(field), path + "." + field));
        POD_LISTS.forEach(field -> list(pod.get(field), path + "." + field));
        POD_TEXTS.forEach(field -> text(pod.get(field), path + "." + field));
        bool(pod.get("enableServiceLinks"), path + ".enableServiceLinks");
        bool(pod.get("automountServiceAccountToken"), path + ".automountServiceAccountToken");
        for (String field : List.of("containers", "initContainers")) {
            if (maps(pod.get(field), path + "." + field)) {
                for (int i = 0; i < pod.get(field).size(); i++) {
                    container(pod.get(field).get(i), path + "." + field + "[" + i + "]");
                }
            }
        }
        maps(pod.get("volumes"), path + ".volumes");
    }

    private void container(JsonNode container, String path) {
        text(container.get("name"), path + ".name");
        text(container.get("image"), path + ".image");
        for (String field : List.of("ports", "env", "envFrom", "volumeMounts")) {
            maps(container.get(field), path + "." + field);
        }
        map(container.get("securityContext"), path + ".securityContext");
        if (map(container.get("resources"), path + ".resources")) {
            map(container.get("resources").get("limits"), path + ".resources.limits");
            map(container.get("resources").get("requests"), path + ".resources.requests");
        }
        for (String field : PROBES) {
            JsonNode probe = container.get(field);
            if (map(probe, path + "." + field)) {
                PROBE_NUMBERS.forEach(number -> integer(probe.get(number), path + "." + field + "." + number));
                HANDLERS.forEach(handler -> map(probe.get(handler), path + "." + field + "." + handler));
            }
        }
    }

    private boolean map(JsonNode node, String path) {
        return expect(node, JsonNode::isObject, "map", path);
    }

    private boolean list(JsonNode node, String path) {
        return expect(node, JsonNode::isArray, "list", path);
    }

    private boolean maps(JsonNode node, String path) {
        if (!list(node, path)) {
            return false;
        }
        boolean all = true;
        for (int i = 0; i < node.size(); i++) {
            // A null in a list of structs is an empty struct to Go.
            boolean fits = node.get(i).isNull() || map(node.get(i), path + "[" + i + "]");
            all &= fits;
        }
        return all;
    }

    private void texts(JsonNode node, String path) {
        if (map(node, path)) {
            node.properties()
                    .forEach(entry ->
                            text(entry.getValue(), path.isEmpty() ? entry.getKey() : path + "." + entry.getKey()));
        }
    }

    private void text(JsonNode node, String path) {
        expect(node, JsonNode::isTextual, "string", path);
    }

    private void bool(JsonNode node, String path) {
        expect(node, JsonNode::isBoolean, "bool", path);
    }

    private void integer(JsonNode node, String path) {
        expect(node, JsonNode::canConvertToExactIntegral, "integer", path);
    }

    /** Whether there is something, of the type expected; nothing and null are fine and false. */
    private boolean expect(JsonNode node, Predicate<JsonNode> fits, String type, String path) {
        if (node == null || node.isNull() || node.isMissingNode()) {
            return false;
        }
        if (!fits.test(node)) {
            String found = node.getNodeType().name().toLowerCase(Locale.ROOT);
            problems.add(FieldProblem.of("cannot unmarshal " + found + " into " + type, path));
            return false;
        }
        return true;
    }
}

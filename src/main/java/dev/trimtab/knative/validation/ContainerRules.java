package dev.trimtab.knative.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.config.FeaturesConfig;
import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.knative.golang.GoPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks a container as Knative does, without its probes. Paths are relative to the container. */
final class ContainerRules {
    private static final Set<String> PORT_NAMES = Set.of("", "h2c", "http1");
    private static final Set<Long> RESERVED_PORTS = Set.of(8008L, 8012L, 8013L, 8022L, 9090L, 9091L);
    /** Knative sets these in the serving container. Other containers may set PORT. */
    private static final Set<String> RESERVED_ENV = Set.of("PORT", "K_SERVICE", "K_CONFIGURATION", "K_REVISION");

    private static final Set<String> MESSAGE_POLICIES = Set.of("", "File", "FallbackToLogsOnError");

    private ContainerRules() {}

    static List<FieldProblem> check(
            JsonNode container, boolean serving, Map<String, JsonNode> volumes, FeaturesConfig features) {
        if (container.isEmpty()) {
            return List.of(FieldProblem.missing(""));
        }
        List<FieldProblem> problems = new ArrayList<>();
        String name = Fields.text(container, "name");
        if (name.equals("queue-proxy")) {
            problems.add(FieldProblem.of(GoParsing.quote(name) + " is a reserved container name", "name"));
        }
        problems.addAll(env(container, serving, features));
        problems.addAll(envFrom(container));
        if (Fields.text(container, "image").isEmpty()) {
            problems.add(FieldProblem.missing("image"));
        }
        problems.addAll(ports(container));
        problems.addAll(securityContext(Fields.at(container, "securityContext"), features));
        String policy = Fields.text(container, "terminationMessagePolicy");
        if (!MESSAGE_POLICIES.contains(policy)) {
            problems.add(FieldProblem.invalidValue(policy, "terminationMessagePolicy"));
        }
        problems.addAll(MountRules.check(container, volumes, features));
        return problems;
    }

    private static List<FieldProblem> env(JsonNode container, boolean serving, FeaturesConfig features) {
        List<FieldProblem> problems = new ArrayList<>();
        List<JsonNode> variables = Fields.list(container, "env");
        for (int i = 0; i < variables.size(); i++) {
            String path = "env[" + i + "]";
            String name = Fields.text(variables.get(i), "name");
            if (name.isEmpty()) {
                problems.add(FieldProblem.missing(path + ".name"));
            } else if (RESERVED_ENV.contains(name) && (serving || !name.equals("PORT"))) {
                problems.add(
                        FieldProblem.of(GoParsing.quote(name) + " is a reserved environment variable", path + ".name"));
            }
            for (String field : List.of("fieldRef", "resourceFieldRef")) {
                boolean set = Fields.has(Fields.at(variables.get(i), "valueFrom"), field);
                if (set && !features.isAllowed(FeaturesConfig.FIELD_REF)) {
                    problems.add(FieldProblem.disallowed(path + ".valueFrom." + field));
                }
            }
        }
        return problems;
    }

    private static List<FieldProblem> envFrom(JsonNode container) {
        List<FieldProblem> problems = new ArrayList<>();
        for (JsonNode source : Fields.list(container, "envFrom")) {
            boolean configMap = Fields.has(source, "configMapRef");
            boolean secret = Fields.has(source, "secretRef");
            if (configMap == secret) {
                problems.add(FieldProblem.of(
                        "expected exactly one, got " + (secret ? "both" : "neither"), "configMapRef", "secretRef"));
            }
        }
        return FieldProblem.under("envFrom", problems);
    }

    private static List<FieldProblem> ports(JsonNode container) {
        List<JsonNode> ports = Fields.list(container, "ports");
        if (ports.isEmpty()) {
            return List.of();
        }
        JsonNode port = ports.get(0);
        List<FieldProblem> problems = new ArrayList<>();
        long number = Fields.integer(port, "containerPort");
        if (RESERVED_PORTS.contains(number)) {
            problems.add(FieldProblem.invalidValue(number + " is a reserved port", "containerPort")
                    .withDetails(number + " is a reserved port, please use a different value"));
        }
        if (number < 0 || number > 65535) {
            problems.add(FieldProblem.outOfBounds(number, 0, 65535, "containerPort"));
        }
        String protocol = Fields.text(port, "protocol");
        if (!protocol.isEmpty() && !protocol.equals("TCP")) {
            problems.add(FieldProblem.invalidValue(protocol, "protocol"));
        }
        String name = Fields.text(port, "name");
        if (!PORT_NAMES.contains(name)) {
            problems.add(FieldProblem.of("Port name " + name + " is not allowed", "")
                    .withDetails("Name must be empty, or one of: 'h2c', 'http1'"));
        }
        return FieldProblem.under("ports", problems);
    }

    private static List<FieldProblem> securityContext(JsonNode context, FeaturesConfig features) {
        List<FieldProblem> problems = new ArrayList<>();
        if (Fields.isTrue(context, "privileged")) {
            problems.add(FieldProblem.disallowed("privileged"));
        }
        JsonNode capabilities = Fields.at(context, "capabilities");
        boolean lowPort = features.isAllowed(FeaturesConfig.SECURE_POD_DEFAULTS)
                && capabilities.path("add").size() == 1
                && capabilities.path("add").path(0).asText().equals("NET_BIND_SERVICE");
        if (Fields.hasValue(capabilities, "add") && !lowPort && !features.isEnabled(FeaturesConfig.ADD_CAPABILITIES)) {
            problems.add(FieldProblem.disallowed("capabilities.add"));
        }
        for (String field : List.of("runAsUser", "runAsGroup")) {
            long id = Fields.integer(context, field);
            if (id < 0 || id > Integer.MAX_VALUE) {
                problems.add(FieldProblem.outOfBounds(id, 0, Integer.MAX_VALUE, field));
            }
        }
        return FieldProblem.under("securityContext", problems);
    }

    static final class MountRules {
        private static final Set<String> RESERVED = Set.of("/", "/dev", "/dev/log");

        private MountRules() {}

        static List<FieldProblem> check(JsonNode container, Map<String, JsonNode> volumes, FeaturesConfig features) {
            List<FieldProblem> problems = new ArrayList<>();
            Set<String> seen = new HashSet<>();
            List<JsonNode> mounts = Fields.list(container, "volumeMounts");
            for (int i = 0; i < mounts.size(); i++) {
                JsonNode mount = mounts.get(i);
                List<FieldProblem> found = new ArrayList<>();
                JsonNode volume = volumes.get(Fields.text(mount, "name"));
                if (volume == null) {
                    found.add(FieldProblem.of("volumeMount has no matching volume", "name"));
                } else if (Fields.isTrue(Fields.at(volume, "persistentVolumeClaim"), "readOnly")
                        && !Fields.isTrue(mount, "readOnly")) {
                    found.add(FieldProblem.of("volume is readOnly but volume mount is not", "readOnly"));
                }
                found.addAll(path(Fields.text(mount, "mountPath"), seen));
                found.addAll(propagation(mount, features));
                problems.addAll(FieldProblem.under("volumeMounts[" + i + "]", found));
            }
            return problems;
        }

        private static List<FieldProblem> path(String path, Set<String> seen) {
            String clean = GoPath.clean(path);
            boolean first = seen.add(clean);
            if (path.isEmpty()) {
                return List.of(FieldProblem.missing("mountPath"));
            }
            if (RESERVED.contains(clean)) {
                return List.of(
                        FieldProblem.of("mountPath " + GoParsing.quote(clean) + " is a reserved path", "mountPath"));
            }
            if (!path.startsWith("/")) {
                return List.of(FieldProblem.invalidValue(path, "mountPath"));
            }
            return first
                    ? List.of()
                    : List.of(FieldProblem.invalidValue(GoParsing.quote(path) + " must be unique", "mountPath"));
        }

        private static List<FieldProblem> propagation(JsonNode mount, FeaturesConfig features) {
            if (!Fields.has(mount, "mountPropagation")) {
                return List.of();
            }
            List<FieldProblem> problems = new ArrayList<>();
            if (!features.isAllowed(FeaturesConfig.MOUNT_PROPAGATION)) {
                problems.add(FieldProblem.disallowed("mountPropagation"));
            }
            if (!features.isEnabled(FeaturesConfig.MOUNT_PROPAGATION)) {
                problems.add(FieldProblem.of("Volume Mount Propagation support is disabled, but found volume mount "
                        + Fields.text(mount, "name") + " with mount propagation"));
            }
            if (!Set.of("None", "HostToContainer").contains(Fields.text(mount, "mountPropagation"))) {
                problems.add(FieldProblem.of(
                        "mount propagation should be set to None or HostToContainer", "mountPropagation"));
            }
            return problems;
        }
    }
}

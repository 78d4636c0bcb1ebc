package dev.trimtab.knative;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.DefaultsConfig;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.knative.validation.Fields;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What Knative's defaulting webhook makes of a Service, for tests that need to see beyond our own. Two things are left
 * out: the creator and lastModifier annotations, and the security contexts of {@code secure-pod-defaults}. Numbers come
 * out as Jackson reads them, so that the result equals a parsed document.
 */
public final class KnativeDefaulting {
    private static final Set<String> PROBES = Set.of("readinessProbe", "livenessProbe", "startupProbe");

    private static final Set<String> OMITTED_IN_A_POD = Set.of(
            "volumes",
            "initContainers",
            "serviceAccountName",
            "serviceAccount",
            "dnsPolicy",
            "restartPolicy",
            "schedulerName",
            "nodeSelector",
            "tolerations",
            "imagePullSecrets");
    private static final Set<String> OMITTED_IN_A_CONTAINER = Set.of(
            "name",
            "args",
            "command",
            "env",
            "envFrom",
            "ports",
            "volumeMounts",
            "workingDir",
            "imagePullPolicy",
            "terminationMessagePath",
            "terminationMessagePolicy");

    private final ObjectNode service;
    private final KnativeConfig config;

    private KnativeDefaulting(ObjectNode service, KnativeConfig config) {
        this.service = service;
        this.config = config;
    }

    /**
     * The Service as it would be stored; the arguments stay what they are.
     *
     * @param oldOrNull the stored Service on an UPDATE, null on a CREATE
     */
    public static ObjectNode apply(ObjectNode service, ObjectNode oldOrNull, KnativeConfig config) {
        KnativeDefaulting defaulting = new KnativeDefaulting(service.deepCopy(), config);
        ObjectNode template = defaulting.roundTrip();
        defaulting.traffic();
        String name = Fields.text(template.path("metadata"), "name");
        String oldName = Fields.text(Fields.at(oldOrNull, "spec", "template", "metadata"), "name");
        if (name.isEmpty() || !name.equals(oldName)) {
            defaulting.template(template.withObject("/spec"), oldOrNull == null);
        }
        return defaulting.service;
    }

    /** Through Go's structs and back: zero values go, quantities take their canonical form, ports are TCP by the CRD. */
    private ObjectNode roundTrip() {
        ObjectNode template = service.withObject("/spec").withObject("/template");
        ObjectNode metadata = template.withObject("/metadata");
        metadata.properties().removeIf(entry -> entry.getValue().isNull() || isEmptyContainer(entry.getValue()));
        dropEmpty(template.withObject("/spec"), OMITTED_IN_A_POD);
        for (JsonNode container : Fields.list(template.withObject("/spec"), "containers")) {
            ObjectNode map = (ObjectNode) container;
            dropEmpty(map, OMITTED_IN_A_CONTAINER);
            Fields.list(map, "ports").forEach(port -> {
                dropEmpty((ObjectNode) port, Set.of("name", "protocol"));
                if (!port.has("protocol")) {
                    ((ObjectNode) port).put("protocol", "TCP");
                }
            });
            PROBES.stream().filter(map::hasNonNull).forEach(probe -> probe((ObjectNode) map.get(probe)));
            resources(map.withObject("/resources"));
        }
        return template;
    }

    /** Go's {@code omitempty}: what is zero is not written. */
    private static void dropEmpty(ObjectNode map, Set<String> fields) {
        map.properties()
                .removeIf(it -> fields.contains(it.getKey())
                        && (it.getValue().isNull()
                                || isEmptyContainer(it.getValue())
                                || it.getValue().equals(map.textNode(""))));
    }

    private static boolean isEmptyContainer(JsonNode node) {
        return node.isContainerNode() && node.isEmpty();
    }

    private static void probe(ObjectNode probe) {
        probe.properties()
                .removeIf(
                        entry -> entry.getValue().isNumber() && entry.getValue().asInt() == 0);
        if (probe.path("httpGet") instanceof ObjectNode http) {
            dropEmpty(http, Set.of("path", "scheme", "host", "httpHeaders"));
        }
        for (String handler : List.of("httpGet", "tcpSocket")) {
            if (probe.path(handler).isObject() && !probe.path(handler).has("port")) {
                ((ObjectNode) probe.path(handler)).put("port", 0);
            }
        }
        if (probe.path("grpc").isObject() && !probe.path("grpc").hasNonNull("service")) {
            ((ObjectNode) probe.path("grpc")).put("service", "");
        }
    }

    private static void resources(ObjectNode resources) {
        for (String kind : List.of("limits", "requests")) {
            JsonNode quantities = resources.path(kind);
            if (quantities.isObject()) {
                quantities.properties().forEach(entry -> ((ObjectNode) quantities)
                        .put(
                                entry.getKey(),
                                CanonicalQuantity.of(entry.getValue().asText())));
            }
        }
        resources.properties().removeIf(entry -> isEmptyContainer(entry.getValue()));
    }

    private void traffic() {
        ObjectNode spec = service.withObject("/spec");
        if (Fields.list(spec, "traffic").isEmpty()) {
            spec.putArray("traffic").addObject();
            ((ObjectNode) spec.path("traffic").path(0)).put("percent", 100);
        }
        for (JsonNode target : Fields.list(spec, "traffic")) {
            if (!target.hasNonNull("latestRevision")) {
                ((ObjectNode) target)
                        .put(
                                "latestRevision",
                                Fields.text(target, "revisionName").isEmpty());
            }
        }
    }

    private void template(ObjectNode pod, boolean create) {
        timeouts(pod);
        if (!pod.hasNonNull("containerConcurrency")) {
            pod.put("containerConcurrency", Math.toIntExact(config.defaults().containerConcurrency()));
        }
        if (create && !pod.hasNonNull("enableServiceLinks")) {
            // config-defaults leaves enable-service-links at its default in all tests.
            pod.put("enableServiceLinks", false);
        }
        Set<String> names = new HashSet<>();
        for (String kind : List.of("containers", "initContainers")) {
            Fields.list(pod, kind).forEach(container -> names.add(Fields.text(container, "name")));
        }
        names(pod, "containers", config.defaults().containerNameTemplate(), names);
        names(pod, "initContainers", config.defaults().initContainerNameTemplate(), names);
        List<JsonNode> containers = Fields.list(pod, "containers");
        Set<String> writable = writableVolumes(pod);
        for (JsonNode container : containers) {
            boolean serving =
                    containers.size() == 1 || !Fields.list(container, "ports").isEmpty();
            container((ObjectNode) container, serving, writable);
        }
    }

    private void timeouts(ObjectNode pod) {
        DefaultsConfig defaults = config.defaults();
        if (Fields.integer(pod, "timeoutSeconds") == 0) {
            pod.put("timeoutSeconds", Math.toIntExact(defaults.revisionTimeoutSeconds()));
        }
        long timeout = Fields.integer(pod, "timeoutSeconds");
        below(pod, "idleTimeoutSeconds", defaults.revisionIdleTimeoutSeconds(), timeout);
        below(pod, "responseStartTimeoutSeconds", defaults.revisionResponseStartTimeoutSeconds(), timeout);
    }

    private static void below(ObjectNode pod, String field, long value, long timeout) {
        if (!pod.hasNonNull(field) && value != 0 && value < timeout) {
            pod.put(field, Math.toIntExact(value));
        }
    }

    private void names(ObjectNode pod, String kind, String template, Set<String> names) {
        String base = template.replaceAll("\\{\\{\\s*\\.Name\\s*\\}\\}", Fields.text(service.path("metadata"), "name"));
        List<JsonNode> containers = Fields.list(pod, kind);
        int suffix = 0;
        for (JsonNode container : containers) {
            if (!Fields.text(container, "name").isEmpty()) {
                continue;
            }
            String name = base;
            if (containers.size() > 1 || names.contains(base)) {
                do {
                    name = base + "-" + suffix++;
                } while (names.contains(name));
            }
            ((ObjectNode) container).put("name", name);
        }
    }

    private static Set<String> writableVolumes(ObjectNode pod) {
        Set<String> names = new HashSet<>();
        for (JsonNode volume : Fields.list(pod, "volumes")) {
            if (volume.hasNonNull("emptyDir")
                    || volume.hasNonNull("persistentVolumeClaim")
                    || volume.hasNonNull("ephemeral")) {
                names.add(Fields.text(volume, "name"));
            }
        }
        return names;
    }

    private void container(ObjectNode container, boolean serving, Set<String> writable) {
        ObjectNode resources = container.withObject("/resources");
        resources(resources, "requests", config.defaults().requests());
        resources(resources, "limits", config.defaults().limits());
        if (serving) {
            ObjectNode probe = container.withObject("/readinessProbe");
            if (!probe.has("httpGet") && !probe.has("tcpSocket") && !probe.has("exec") && !probe.has("grpc")) {
                probe.putObject("tcpSocket").put("port", 0);
            }
        }
        if (container.path("readinessProbe").isObject()) {
            readiness((ObjectNode) container.path("readinessProbe"));
        }
        for (JsonNode mount : Fields.list(container, "volumeMounts")) {
            if (!writable.contains(Fields.text(mount, "name"))) {
                ((ObjectNode) mount).put("readOnly", true);
            }
        }
    }

    private static void resources(ObjectNode resources, String kind, DefaultsConfig.Resources defaults) {
        resource(resources, kind, "cpu", defaults.cpu());
        resource(resources, kind, "memory", defaults.memory());
        resource(resources, kind, "ephemeral-storage", defaults.ephemeralStorage());
    }

    private static void resource(ObjectNode resources, String kind, String name, Optional<String> quantity) {
        if (quantity.isPresent() && !resources.path(kind).has(name)) {
            resources.withObject("/" + kind).put(name, CanonicalQuantity.of(quantity.get()));
        }
    }

    private static void readiness(ObjectNode probe) {
        orElse(probe, "successThreshold", 1);
        if (Fields.integer(probe, "periodSeconds") != 0) {
            orElse(probe, "failureThreshold", 3);
            orElse(probe, "timeoutSeconds", 1);
        }
    }

    private static void orElse(ObjectNode probe, String field, int value) {
        if (Fields.integer(probe, field) == 0) {
            probe.put(field, value);
        }
    }
}

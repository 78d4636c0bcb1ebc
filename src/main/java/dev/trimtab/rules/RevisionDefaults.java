package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.knative.Unset;
import dev.trimtab.knative.config.DefaultsConfig;
import dev.trimtab.manifest.Container;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.Quantities;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values that Knative fills in from {@code config-defaults} (Knative 1.23, revision_defaults.go 54-132). */
public final class RevisionDefaults {
    static final JsonPointer TIMEOUT = KnativeService.POD_SPEC.appendProperty("timeoutSeconds");
    static final JsonPointer RESPONSE_START = KnativeService.POD_SPEC.appendProperty("responseStartTimeoutSeconds");
    static final JsonPointer IDLE = KnativeService.POD_SPEC.appendProperty("idleTimeoutSeconds");
    static final JsonPointer CONCURRENCY = KnativeService.POD_SPEC.appendProperty("containerConcurrency");

    private final ObjectNode service;
    private final Map<JsonPointer, JsonNode> values = new LinkedHashMap<>();

    private RevisionDefaults(ObjectNode service) {
        this.service = service;
    }

    /** By place, whether there is a value or not; no entry if Knative fills nothing there. */
    public static Map<JsonPointer, JsonNode> of(ObjectNode service, DefaultsConfig config) {
        RevisionDefaults defaults = new RevisionDefaults(service);
        defaults.timeouts(config);
        defaults.values.put(CONCURRENCY, number(config.containerConcurrency()));
        for (Container container : Container.of(service)) {
            defaults.resources(container, "requests", config.requests());
            defaults.resources(container, "limits", config.limits());
        }
        return defaults.values;
    }

    /** By place, whether there is a name or not. */
    public static Map<JsonPointer, JsonNode> names(ObjectNode service, DefaultsConfig config) {
        return ContainerNames.of(service, config);
    }

    /** The readiness probe that the container with the traffic gets if it has none. */
    private static Map<JsonPointer, JsonNode> readiness(ObjectNode service) {
        Map<JsonPointer, JsonNode> probes = new LinkedHashMap<>();
        for (Container container : Container.of(service)) {
            JsonPointer at = container.field("readinessProbe");
            if (container.getsTraffic() && Pointers.isAbsent(service.at(at))) {
                ObjectNode probe = JsonNodeFactory.instance.objectNode();
                probe.putObject("tcpSocket").put("port", 0);
                probes.put(at, probe.put("successThreshold", 1));
            }
        }
        return probes;
    }

    /** A copy of a Service with these values in empty places, and with completed probes. */
    public static ObjectNode filledIn(ObjectNode service, DefaultsConfig config) {
        ObjectNode filled = service.deepCopy();
        of(service, config).forEach((at, value) -> {
            if (Unset.is(at, service.at(at))) {
                Pointers.set(filled, at, value);
            }
        });
        Container.of(filled).forEach(it -> ProbeDefaults.fillIn((ObjectNode) it.node()));
        return filled;
    }

    /** An object as Knative stores it: with these values and the readiness probe. Only a Service changes. */
    public static ObjectNode stored(ObjectNode object, DefaultsConfig config) {
        boolean service = new Manifest(object).kind() == Kind.KNATIVE_SERVICE;
        if (!service || !new KnativeService(object).podSpec().isObject()) {
            return object;
        }
        ObjectNode filled = filledIn(object, config);
        readiness(filled).forEach((at, probe) -> Pointers.set(filled, at, probe));
        return filled;
    }

    private void timeouts(DefaultsConfig config) {
        values.put(TIMEOUT, number(config.revisionTimeoutSeconds()));
        JsonNode written = service.at(TIMEOUT);
        if (Unset.is(TIMEOUT, written)) {
            below(config, config.revisionTimeoutSeconds());
        } else if (written.isIntegralNumber()) {
            below(config, written.longValue());
        }
    }

    /** These two only if they are below the timeout of the whole request. */
    private void below(DefaultsConfig config, long timeout) {
        if (config.revisionResponseStartTimeoutSeconds() != 0
                && config.revisionResponseStartTimeoutSeconds() < timeout) {
            values.put(RESPONSE_START, number(config.revisionResponseStartTimeoutSeconds()));
        }
        if (config.revisionIdleTimeoutSeconds() != 0 && config.revisionIdleTimeoutSeconds() < timeout) {
            values.put(IDLE, number(config.revisionIdleTimeoutSeconds()));
        }
    }

    private void resources(Container container, String kind, DefaultsConfig.Resources config) {
        resource(container, kind, "cpu", config.cpu());
        resource(container, kind, "memory", config.memory());
        resource(container, kind, "ephemeral-storage", config.ephemeralStorage());
    }

    private void resource(Container container, String kind, String name, Optional<String> quantity) {
        if (quantity.isPresent()) {
            JsonPointer at = container.field("resources", kind, name);
            // Knative reads a null as a quantity of 0 (resource.Quantity, UnmarshalJSON), not as an absent one.
            if (!service.at(at).isNull()) {
                values.put(at, TextNode.valueOf(Quantities.canonical(quantity.get())));
            }
        }
    }

    /** The node type that a parser produces: Jackson does not find an int and a long of the same value equal. */
    static JsonNode number(long value) {
        return value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
    }

    /** The names that Knative gives to unnamed containers (Knative 1.23, revision_defaults.go 79-90, 266-300). */
    static final class ContainerNames {
        /** The action that Trimtab can read from a template; others depend on data that only Knative has. */
        private static final Pattern NAME = Pattern.compile("\\{\\{-?\\s*\\.Name\\s*-?}}");

        private final ObjectNode service;
        private final Set<String> taken = new HashSet<>();
        private final Map<JsonPointer, JsonNode> names = new LinkedHashMap<>();

        private ContainerNames(ObjectNode service) {
            this.service = service;
        }

        /** The name that each container gets if its author writes none, for all containers. */
        static Map<JsonPointer, JsonNode> of(ObjectNode service, DefaultsConfig config) {
            ContainerNames names = new ContainerNames(service);
            names.collect("containers");
            names.collect("initContainers");
            names.name("containers", config.containerNameTemplate());
            names.name("initContainers", config.initContainerNameTemplate());
            return names.names;
        }

        private void collect(String list) {
            for (JsonNode container : service.at(KnativeService.POD_SPEC).path(list)) {
                taken.add(container.path("name").asText(""));
            }
        }

        private void name(String list, String template) {
            String base = NAME.matcher(template).replaceAll(Matcher.quoteReplacement(new Manifest(service).name()));
            if (base.isEmpty() || base.contains("{{")) {
                return;
            }
            JsonPointer at = KnativeService.POD_SPEC.appendProperty(list);
            JsonNode containers = service.at(at);
            for (int i = 0; containers.isArray() && i < containers.size(); i++) {
                if (containers.get(i).isObject()) {
                    String written = containers.get(i).path("name").asText("");
                    taken.remove(written);
                    String name = containers.size() == 1 && !taken.contains(base) ? base : numbered(base);
                    names.put(at.appendIndex(i).appendProperty("name"), TextNode.valueOf(name));
                    taken.add(written.isEmpty() ? name : written);
                }
            }
        }

        private String numbered(String base) {
            int number = 0;
            while (taken.contains(base + "-" + number)) {
                number++;
            }
            return base + "-" + number;
        }
    }

    /** The values that Knative writes into an incomplete probe (Knative 1.23, revision_defaults.go 172-204). */
    static final class ProbeDefaults {
        private static final List<String> PROBES = List.of("readinessProbe", "livenessProbe", "startupProbe");

        private ProbeDefaults() {}

        static void fillIn(ObjectNode container) {
            for (String name : PROBES) {
                if (container.path(name) instanceof ObjectNode probe && !probe.isEmpty()) {
                    fillIn(probe, name.equals("readinessProbe"));
                }
            }
        }

        /** @param readiness for which Knative has its own numbers */
        static void fillIn(ObjectNode probe, boolean readiness) {
            if (probe.path("grpc") instanceof ObjectNode grpc && !grpc.hasNonNull("service")) {
                grpc.put("service", "");
            }
            if (readiness) {
                orElse(probe, "successThreshold", 1);
                if (probe.path("periodSeconds").asInt() != 0) {
                    orElse(probe, "failureThreshold", 3);
                    orElse(probe, "timeoutSeconds", 1);
                }
            }
        }

        private static void orElse(ObjectNode probe, String field, int value) {
            if (probe.path(field).asInt() == 0) {
                probe.put(field, value);
            }
        }
    }
}

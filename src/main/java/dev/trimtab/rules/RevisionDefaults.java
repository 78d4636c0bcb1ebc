package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.knative.DefaultsConfig;
import dev.trimtab.knative.Unset;
import dev.trimtab.manifest.Container;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.Quantities;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What an author's silence means to Knative: the values of {@code config-defaults} (revision_defaults.go 54-132). */
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

    /** What a Service gets in each place that it leaves out, whether it does so or not; nothing where it gets nothing. */
    public static Map<JsonPointer, JsonNode> of(ObjectNode service, DefaultsConfig config) {
        RevisionDefaults defaults = new RevisionDefaults(service);
        defaults.timeouts(config.timeouts());
        defaults.values.put(CONCURRENCY, number(config.containerConcurrency()));
        for (Container container : Container.of(service)) {
            defaults.resources(container, "requests", config.requests());
            defaults.resources(container, "limits", config.limits());
        }
        return defaults.values;
    }

    /** What each container is called if its author leaves its name out, whether they do so or not. */
    public static Map<JsonPointer, JsonNode> names(ObjectNode service, DefaultsConfig config) {
        return ContainerNames.of(service, config);
    }

    /** The readiness probe that the container with the traffic gets where it has none. */
    public static Map<JsonPointer, JsonNode> readiness(ObjectNode service) {
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

    /** A copy of a Service with these filled in where it leaves them out, and what its probes leave out. */
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

    private void timeouts(DefaultsConfig.Timeouts config) {
        values.put(TIMEOUT, number(config.revision()));
        JsonNode written = service.at(TIMEOUT);
        if (Unset.is(TIMEOUT, written)) {
            below(config, config.revision());
        } else if (written.isIntegralNumber()) {
            below(config, written.longValue());
        }
    }

    /** These two only where they are below the timeout of the whole request. */
    private void below(DefaultsConfig.Timeouts config, long timeout) {
        if (config.responseStart() != 0 && config.responseStart() < timeout) {
            values.put(RESPONSE_START, number(config.responseStart()));
        }
        if (config.idle() != 0 && config.idle() < timeout) {
            values.put(IDLE, number(config.idle()));
        }
    }

    private void resources(Container container, String kind, DefaultsConfig.Resources config) {
        resource(container.field("resources", kind, "cpu"), config.cpu());
        resource(container.field("resources", kind, "memory"), config.memory());
        resource(container.field("resources", kind, "ephemeral-storage"), config.ephemeralStorage());
    }

    private void resource(JsonPointer at, Optional<String> quantity) {
        // A null is a quantity of 0 to Knative (resource.Quantity, UnmarshalJSON), not an absent one.
        if (quantity.isPresent() && !service.at(at).isNull()) {
            values.put(at, TextNode.valueOf(Quantities.canonical(quantity.get())));
        }
    }

    /** As a parsed document has it: to Jackson an int and a long of the same value are two things. */
    static JsonNode number(long value) {
        return value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
    }
}

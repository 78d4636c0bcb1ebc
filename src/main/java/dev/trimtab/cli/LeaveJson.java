package dev.trimtab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.LeaveScan.Seen;
import dev.trimtab.drift.Departure;
import dev.trimtab.drift.Departure.Outcome;
import dev.trimtab.drift.ObjectKey;
import dev.trimtab.lifecycle.GpuCount;
import dev.trimtab.lifecycle.ServiceRef;
import java.util.List;
import java.util.Locale;

/** What becomes of a cluster's services once Trimtab is gone, for programs. The names of its fields stay. */
final class LeaveJson {
    private LeaveJson() {}

    static String of(Seen seen) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode objects = root.putArray("objects");
        seen.departures().forEach(it -> put(it, objects.addObject()));
        ArrayNode held = root.putArray("held");
        seen.held().forEach(it -> {
            ObjectNode child = held.addObject()
                    .put("kind", it.child().kind().kindName())
                    .put("namespace", it.child().namespace())
                    .put("name", it.child().name());
            it.service()
                    .ifPresentOrElse(
                            service -> put(service, child.putObject("stoppedService")),
                            () -> child.putNull("stoppedService"));
        });
        ArrayNode stopped = root.putArray("stopped");
        seen.stopped().forEach(it -> put(it, stopped.addObject()));
        ObjectNode summary =
                root.putObject("summary").put("objects", seen.departures().size());
        for (Outcome outcome : Outcome.values()) {
            summary.put(text(outcome), seen.with(outcome).size());
        }
        List<Departure> rolling = seen.with(Outcome.ROLLS);
        summary.put("pods", rolling.stream().mapToLong(Departure::pods).sum())
                .put("gpus", rolling.stream().mapToLong(Departure::cards).sum());
        put(rolling.stream().map(Departure::gpus).reduce(GpuCount.NONE, GpuCount::plus), summary);
        return JsonOutput.text(root);
    }

    private static void put(Departure departure, ObjectNode to) {
        put(departure.key(), to);
        departure
                .owner()
                .ifPresentOrElse(owner -> put(owner, to.putObject("renderedFor")), () -> to.putNull("renderedFor"));
        to.put("outcome", text(departure.outcome()))
                .put("because", departure.because().isEmpty() ? null : departure.because());
        ArrayNode fields = to.putArray("fields");
        departure.taken().forEach(it -> {
            ObjectNode field = fields.addObject().put("field", it.at().toString());
            field.set("stored", orNull(it.stored()));
            field.set("after", orNull(it.after()));
        });
        to.put("pods", departure.pods()).put("gpus", departure.cards());
        put(departure.gpus(), to);
    }

    private static void put(GpuCount gpus, ObjectNode to) {
        gpus.byResource().forEach(to.putObject("gpusByResource")::put);
    }

    private static void put(ObjectKey key, ObjectNode to) {
        to.put("kind", key.kind().displayName())
                .put("namespace", key.namespace())
                .put("name", key.name());
    }

    private static void put(ServiceRef ref, ObjectNode to) {
        to.put("kind", ref.kind().kindName()).put("namespace", ref.namespace()).put("name", ref.name());
    }

    private static String text(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }

    private static JsonNode orNull(JsonNode value) {
        return value.isMissingNode() ? JsonNodeFactory.instance.nullNode() : value;
    }
}

package dev.trimtab.cli.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.print.Counted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A ServingSchedule as the cluster has it, with the status that the controller wrote. */
record ScheduleRow(JsonNode schedule) {
    private static final String NONE = "-";

    /** Conditions whose reason says all. */
    private static final List<String> PLAIN = List.of("Valid", "Suspended");

    String namespace() {
        return schedule.at("/metadata/namespace").asText("");
    }

    String name() {
        return schedule.at("/metadata/name").asText("");
    }

    private JsonNode status() {
        return schedule.path("status");
    }

    String phase() {
        return text("phase");
    }

    /** The next phase and when it begins. */
    String next() {
        String when = text("nextTransition");
        return when.equals(NONE) ? NONE : status().path("nextPhase").asText("") + " at " + when;
    }

    String starting() {
        int services = status().path("servicesStarting").asInt();
        return services == 0
                ? text("servicesStarting")
                : "%d (%s)"
                        .formatted(
                                services,
                                Counted.gpus(status().path("gpusStarting").asLong()));
    }

    /** A number or text of the status; {@code -} if the controller has not written it. */
    String text(String field) {
        return status().path(field).asText(NONE);
    }

    /** Whether the schedule works, by its condition Ready. */
    String state() {
        if (!status().hasNonNull("observedGeneration")) {
            return "no controller has seen it";
        }
        Optional<JsonNode> ready = ready();
        String reason = ready.map(it -> it.path("reason").asText("")).orElse("");
        String message = ready.map(it -> it.path("message").asText("")).orElse("");
        String said = message.isEmpty() || PLAIN.contains(reason) ? reason : reason + ": " + message;
        boolean old = status().path("observedGeneration").asLong()
                < schedule.at("/metadata/generation").asLong();
        return old ? said + " (before its last change)" : said;
    }

    private Optional<JsonNode> ready() {
        for (JsonNode condition : status().path("conditions")) {
            if (condition.path("type").asText("").equals("Ready")) {
                return Optional.of(condition);
            }
        }
        return Optional.empty();
    }

    /** One line for each service on its way up. */
    List<String> startingServices() {
        List<String> lines = new ArrayList<>();
        for (JsonNode it : status().path("starting")) {
            lines.add("starting since %s: %s %s/%s, %s"
                    .formatted(
                            it.path("since").asText(NONE),
                            it.path("kind").asText(""),
                            namespace(),
                            it.path("name").asText(""),
                            Counted.gpus(it.path("gpus").asLong())));
        }
        return lines;
    }

    /** Name and status, as the cluster has them. */
    void writeTo(ObjectNode json) {
        json.put("namespace", namespace()).put("name", name()).put("state", state());
        json.set("status", status().isObject() ? status() : json.nullNode());
    }
}

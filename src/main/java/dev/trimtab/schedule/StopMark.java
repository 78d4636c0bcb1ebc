package dev.trimtab.schedule;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.gpu.GpuCount;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.lifecycle.Times;
import dev.trimtab.manifest.Manifest;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a schedule writes beside the stop annotation, in the same patch. So the cluster itself knows who stopped the
 * service. If the mark is there without the stop annotation, a person has started the service since.
 *
 * @param schedule name of the ServingSchedule, in the namespace of the service
 * @param down when the schedule's phase Down began that the stop belongs to
 * @param since when the service was stopped
 * @param gpus what the pods of the service held then
 */
public record StopMark(String schedule, Instant down, Instant since, GpuCount gpus) {
    public static final String KEY = "trimtab.dev/stopped-by";

    /** Field manager of a schedule's writes to services. */
    public static final String FIELD_MANAGER = "trimtab-schedule";

    private static final JsonMapper JSON = new JsonMapper();

    /** Empty if there is none, or if it was written by hand and cannot be read. */
    public static Optional<StopMark> of(Manifest service) {
        return service.annotations().text(KEY).flatMap(StopMark::read);
    }

    /**
     * The mark of a service that is stopped by its schedule. Empty if somebody else has written the stop annotation since:
     * a person, or the cascade of a graph.
     */
    public static Optional<StopMark> inForce(Manifest service) {
        Set<String> managers = StopAnnotation.managers(service);
        boolean ours = managers.isEmpty() || managers.contains(FIELD_MANAGER);
        return of(service).filter(it -> ours && StopAnnotation.isStopped(service));
    }

    private static Optional<StopMark> read(String text) {
        JsonNode json;
        try {
            json = JSON.readTree(text);
        } catch (JsonProcessingException byHand) {
            return Optional.empty();
        }
        String schedule = json.path("schedule").asText("");
        Optional<Instant> down = Times.read(json.path("down"));
        Optional<Instant> since = Times.read(json.path("since"));
        if (schedule.isEmpty() || down.isEmpty() || since.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new StopMark(schedule, down.get(), since.get(), GpuCount.ofJson(json.path("gpus"))));
    }

    /** The same stop, now of another phase Down: a start by hand in that phase is known by it. */
    public StopMark of(Instant phase) {
        return new StopMark(schedule, phase, since, gpus);
    }

    /** The value of the annotation. */
    public String text() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("schedule", schedule).put("down", down.toString()).put("since", since.toString());
        json.set("gpus", gpus.toJson());
        return json.toString();
    }
}

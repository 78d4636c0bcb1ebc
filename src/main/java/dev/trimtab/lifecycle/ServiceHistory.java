package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Stops and starts of one service, from Trimtab's Events. The cluster deletes Events after some time. The status cannot
 * tell: KServe writes {@code Stopped=False} also on a service that never was stopped, and with a new time at each write
 * of an InferenceGraph (kserve 0.20, inferencegraph/controller.go 262-275).
 *
 * @param events each with the annotation {@link EventAnnotations#MOMENT}
 */
public record ServiceHistory(List<JsonNode> events) {
    public static final String STOPPING = "Stopping";
    public static final String STARTING = "Starting";
    public static final String STARTED = "Started";
    public static final String START_FAILED = "StartFailed";

    public ServiceHistory {
        events = List.copyOf(events);
    }

    /** The service that an Event is about; empty if the object is of another kind. */
    public static Optional<ServiceRef> serviceOf(JsonNode event) {
        JsonNode object = event.path("involvedObject");
        return Stream.of(Stoppable.values())
                .filter(kind -> object.path("kind").asText("").equals(kind.kindName()))
                .filter(kind -> object.path("apiVersion").asText("").startsWith(Stoppable.GROUP + "/"))
                .map(kind -> new ServiceRef(
                        kind,
                        object.path("namespace").asText(""),
                        object.path("name").asText("")))
                .findFirst();
    }

    /** Moment of the stop or start that an Event is about; {@link Instant#EPOCH} if it has none. */
    public static Instant moment(JsonNode event) {
        return Times.read(event.path("metadata").path("annotations").path(EventAnnotations.MOMENT))
                .orElse(Instant.EPOCH);
    }

    /** Event of the last stop that began at this moment or earlier. */
    public Optional<JsonNode> lastStop(Instant until) {
        return of(STOPPING).filter(event -> !moment(event).isAfter(until)).max(byMoment());
    }

    public boolean hasStartSince(Instant moment) {
        return of(STARTING).anyMatch(event -> !moment(event).isBefore(moment));
    }

    public boolean endsWithStop() {
        return lastStop(Instant.MAX)
                .filter(stop -> !hasStartSince(moment(stop)))
                .isPresent();
    }

    public boolean endsWithStart() {
        return of(STARTING).findAny().isPresent() && !endsWithStop();
    }

    /** When the current start began. Empty if a stop began later, or if an Event says that the start ended. */
    public Optional<Instant> startUnderWay() {
        return endsWithStart()
                ? of(STARTING)
                        .map(ServiceHistory::moment)
                        .max(Comparator.naturalOrder())
                        .filter(moment -> !hasEnd(moment))
                : Optional.empty();
    }

    private boolean hasEnd(Instant start) {
        return Stream.concat(of(STARTED), of(START_FAILED))
                .anyMatch(event -> moment(event).equals(start));
    }

    private Stream<JsonNode> of(String reason) {
        return events.stream().filter(event -> event.path("reason").asText("").equals(reason));
    }

    private static Comparator<JsonNode> byMoment() {
        return Comparator.comparing(ServiceHistory::moment);
    }
}

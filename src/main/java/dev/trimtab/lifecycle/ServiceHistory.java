package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What our Events say of the stops and starts of one service, as far as the cluster has not forgotten them. The status does not say
 * it: KServe writes {@code Stopped=False} on a service that never was stopped too, and on an InferenceGraph with another time at
 * each write (kserve 0.20, inferencegraph/controller.go 262-275).
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

    /** The service that an Event is about; empty for objects of other kinds. */
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

    /** The moment of the stop or start that an Event is about. */
    public static Instant moment(JsonNode event) {
        return Times.read(event.path("metadata").path("annotations").path(EventAnnotations.MOMENT))
                .orElse(Instant.EPOCH);
    }

    /** The Event of the last stop that began at this moment or before. */
    public Optional<JsonNode> lastStop(Instant until) {
        return of(STOPPING).filter(event -> !moment(event).isAfter(until)).max(byMoment());
    }

    /** Whether a start began at this moment or later. */
    public boolean hasStartSince(Instant moment) {
        return of(STARTING).anyMatch(event -> !moment(event).isBefore(moment));
    }

    /** Whether the last that began is a stop. */
    public boolean endsWithStop() {
        return lastStop(Instant.MAX)
                .filter(stop -> !hasStartSince(moment(stop)))
                .isPresent();
    }

    /** Whether the last that began is a start. */
    public boolean endsWithStart() {
        return of(STARTING).findAny().isPresent() && !endsWithStop();
    }

    /** When the start began that is under way: the last that began is a start, and no Event says that it came to an end. */
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

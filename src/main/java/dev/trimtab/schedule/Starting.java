package dev.trimtab.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.lifecycle.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A service that may start, in the status of its schedule. It is written there before the service is: two controllers,
 * or one that ends in between, never start more GPUs than allowed.
 *
 * @param gpus whole GPUs that the start requests
 * @param since when it was written
 */
public record Starting(ServiceRef ref, String uid, long gpus, Instant since) {
    boolean isLate(Instant now, Duration readyWithin) {
        return !now.isBefore(since.plus(readyWithin));
    }

    static Optional<Starting> read(String namespace, JsonNode entry) {
        Optional<Stoppable> kind = Stream.of(Stoppable.values())
                .filter(it -> it.kindName().equals(entry.path("kind").asText("")))
                .findFirst();
        Optional<Instant> since = Times.read(entry.path("since"));
        return kind.isEmpty() || since.isEmpty()
                ? Optional.empty()
                : Optional.of(new Starting(
                        new ServiceRef(kind.get(), namespace, entry.path("name").asText("")),
                        entry.path("uid").asText(""),
                        entry.path("gpus").asLong(),
                        since.get()));
    }

    void write(ObjectNode entry) {
        entry.put("kind", ref.kind().kindName())
                .put("name", ref.name())
                .put("uid", uid)
                .put("gpus", gpus)
                .put("since", since.toString());
    }
}

package dev.trimtab.controller;

import dev.trimtab.cluster.InvalidConfigMaps.Invalid;
import dev.trimtab.controller.Announcer.News;
import dev.trimtab.manifest.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Says on a ConfigMap that it cannot be taken, and what is in force instead. Only the leader does: the webhook's account may
 * write nothing, and one Event is enough.
 */
final class InvalidPolicies {
    /** Between two looks at what is in memory. */
    static final Duration PAUSE = Duration.ofSeconds(2);

    private final Rulebook rulebook;
    private final Announcer announcer;

    InvalidPolicies(Rulebook rulebook, Announcer announcer) {
        this.rulebook = rulebook;
        this.announcer = announcer;
    }

    /** Once for each version of a ConfigMap; the Event's name keeps another leader from saying it again. */
    void look() {
        for (Invalid invalid : rulebook.invalid().get()) {
            Manifest map = invalid.map();
            String version = map.metadata().path("resourceVersion").asText("");
            announcer.say(map, new News(true, "PolicyInvalid", invalid.message(), created(map), version, Map.of()));
        }
    }

    private static Instant created(Manifest map) {
        String timestamp = map.metadata().path("creationTimestamp").asText("");
        return timestamp.isEmpty() ? Instant.EPOCH : Instant.parse(timestamp);
    }
}

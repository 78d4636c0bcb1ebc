package dev.trimtab.controller.leader;

import dev.trimtab.cluster.InvalidConfigMaps.Invalid;
import dev.trimtab.controller.ControllerSettings;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.EventRecorder.EventNote;
import dev.trimtab.manifest.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Says on a ConfigMap that it cannot be taken, and what is in force instead. Only the leader does: the webhook's account may
 * write nothing, and one Event is enough.
 */
final class InvalidPolicyEvents {
    /** Between two checks of what is in memory. */
    static final Duration PAUSE = Duration.ofSeconds(2);

    private final ControllerSettings settings;
    private final EventRecorder events;

    InvalidPolicyEvents(ControllerSettings settings, EventRecorder events) {
        this.settings = settings;
        this.events = events;
    }

    /** Once for each version of a ConfigMap; the Event's name keeps another leader from saying it again. */
    void look() {
        for (Invalid invalid : settings.invalid().get()) {
            Manifest map = invalid.map();
            String version = map.metadata().path("resourceVersion").asText("");
            events.record(
                    map, new EventNote(true, "PolicyInvalid", invalid.message(), created(map), version, Map.of()));
        }
    }

    private static Instant created(Manifest map) {
        String timestamp = map.metadata().path("creationTimestamp").asText("");
        return timestamp.isEmpty() ? Instant.EPOCH : Instant.parse(timestamp);
    }
}

package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.trimtab.manifest.Manifest;
import java.time.Instant;
import java.util.Optional;

/**
 * {@code serving.kserve.io/stop}, as KServe reads it (kserve 0.20, pkg/constants 121, utils.go 332-348): "true" in any
 * case stops, every other value runs.
 */
public final class StopAnnotation {
    public static final String KEY = Stoppable.GROUP + "/stop";

    private StopAnnotation() {}

    public static boolean isStopped(Manifest service) {
        return service.annotations().text(KEY).filter(StopAnnotation::stops).isPresent();
    }

    public static boolean stops(String value) {
        return value.equalsIgnoreCase("true");
    }

    /**
     * Since when: as the API server notes who last wrote the key. Empty where it is not set, or somebody wiped the notes.
     */
    public static Optional<Instant> since(Manifest service) {
        Optional<Instant> since = Optional.empty();
        for (JsonNode entry : service.metadata().path("managedFields")) {
            Optional<Instant> time = isWrittenBy(entry) ? Times.read(entry.path("time")) : Optional.empty();
            // Who applies the same value later owns it as well.
            if (time.isPresent() && (since.isEmpty() || time.get().isBefore(since.get()))) {
                since = time;
            }
        }
        return isStopped(service) ? since : Optional.empty();
    }

    /** Whether an entry of the API server's notes on who wrote what is about this key. */
    static boolean isWrittenBy(JsonNode managedFields) {
        return managedFields
                .path("fieldsV1")
                .path("f:metadata")
                .path("f:annotations")
                .has("f:" + KEY);
    }

    /** What sets it. */
    public static ArrayNode set(Manifest service) {
        return AnnotationPatch.set(service, KEY, "true");
    }

    /** What takes the key away. "false" would run too, but stay in the pods' template and differ from what Git has. */
    public static ArrayNode remove(Manifest service) {
        return AnnotationPatch.remove(service, KEY);
    }
}

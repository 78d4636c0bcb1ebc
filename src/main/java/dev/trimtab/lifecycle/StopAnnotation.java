package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.Manifest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

    /**
     * A component with a stop annotation of its own that does not stop: it wins over the service's, so the component runs on
     * while the service says Stopped (kserve 0.20, ksvc_reconciler.go 262-286 looks at the merged annotations).
     *
     * @param component as KServe calls it
     * @param value as its author wrote it
     */
    public record OwnStop(String component, String value) {
        /** Those of an InferenceService; an InferenceGraph has none. */
        public static List<OwnStop> keepingUp(Manifest service) {
            List<OwnStop> own = new ArrayList<>();
            for (Component component : Component.of(service.root())) {
                JsonNode value = component.ownAnnotations().path(StopAnnotation.KEY);
                if (value.isTextual() && !StopAnnotation.stops(value.textValue())) {
                    own.add(new OwnStop(component.name(), value.textValue()));
                }
            }
            return own;
        }

        @Override
        public String toString() {
            return "spec.%s.annotations says %s: \"%s\"".formatted(component, StopAnnotation.KEY, value);
        }
    }
}

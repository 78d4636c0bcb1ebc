package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.Manifest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code serving.kserve.io/stop}, as KServe reads it (kserve 0.20, pkg/constants 121, utils.go 332-348): "true" in
 * upper or lower case stops the service. With every other value it runs.
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

    /** From {@code managedFields}. Empty if the service is not stopped, or if no entry has the annotation. */
    public static Optional<Instant> since(Manifest service) {
        Optional<Instant> since = Optional.empty();
        for (JsonNode entry : service.metadata().path("managedFields")) {
            Optional<Instant> time = isWrittenBy(entry) ? Times.read(entry.path("time")) : Optional.empty();
            // Another manager that applies the same value later owns the key as well.
            if (time.isPresent() && (since.isEmpty() || time.get().isBefore(since.get()))) {
                since = time;
            }
        }
        return isStopped(service) ? since : Optional.empty();
    }

    /** Field managers that own the annotation. Empty if the API server was not asked for {@code managedFields}. */
    public static Set<String> managers(Manifest service) {
        Set<String> managers = new TreeSet<>();
        for (JsonNode entry : service.metadata().path("managedFields")) {
            if (isWrittenBy(entry)) {
                managers.add(entry.path("manager").asText(""));
            }
        }
        return managers;
    }

    /** Whether an entry of {@code managedFields} has this key. */
    static boolean isWrittenBy(JsonNode managedFields) {
        return managedFields
                .path("fieldsV1")
                .path("f:metadata")
                .path("f:annotations")
                .has("f:" + KEY);
    }

    public static ArrayNode set(Manifest service) {
        return AnnotationPatch.set(service, KEY, "true");
    }

    /**
     * A patch that removes the annotation. "false" would start the service too, but it would stay in the pod template
     * and differ from Git.
     */
    public static ArrayNode remove(Manifest service) {
        return AnnotationPatch.change(service, Map.of(), List.of(KEY));
    }

    /**
     * A component with its own stop annotation that is not "true". The annotation of the component wins, so the
     * component keeps running while the service says Stopped (kserve 0.20, ksvc_reconciler.go 262-286 reads the merged
     * annotations).
     */
    public record OwnStop(String component, String value) {
        /** The components that keep running; none for an InferenceGraph. */
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

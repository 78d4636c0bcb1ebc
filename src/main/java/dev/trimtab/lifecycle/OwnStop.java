package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.Manifest;
import java.util.ArrayList;
import java.util.List;

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

package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.manifest.Manifest;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether the services that an InferenceGraph calls stop and start with it, which KServe leaves to others (KServe #4588).
 * Who wrote the annotation of a service is in the API server's notes: only what the cascade stopped, it starts again.
 */
public final class Cascade {
    /** On a graph. */
    public static final String KEY = "trimtab.dev/stop-cascade";

    public static final String FIELD_MANAGER = "trimtab-cascade";

    private Cascade() {}

    public static boolean isWanted(Manifest graph) {
        return graph.annotations().text(KEY).filter("true"::equals).isPresent();
    }

    /** The names of the InferenceServices that it calls, in its own namespace. */
    public static Set<String> services(Manifest graph) {
        Set<String> names = new TreeSet<>();
        for (JsonNode node : graph.root().at("/spec/nodes")) {
            for (JsonNode step : node.path("steps")) {
                String name = step.path("serviceName").asText("");
                if (!name.isEmpty()) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /** Whether the stop of a service is the cascade's, and nobody else's. */
    public static boolean isStopOfCascade(Manifest service) {
        boolean ours = false;
        for (JsonNode entry : service.metadata().path("managedFields")) {
            if (StopAnnotation.isWrittenBy(entry)) {
                if (!entry.path("manager").asText("").equals(FIELD_MANAGER)) {
                    return false;
                }
                ours = true;
            }
        }
        return ours && StopAnnotation.isStopped(service);
    }
}

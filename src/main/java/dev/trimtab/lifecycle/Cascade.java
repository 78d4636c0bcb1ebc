package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.manifest.Manifest;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether the services that an InferenceGraph calls stop and start with the graph. KServe does not do that (KServe
 * #4588). {@code managedFields} tells who wrote the stop annotation of a service: the cascade starts only what the
 * cascade stopped.
 */
public final class Cascade {
    public static final String KEY = "trimtab.dev/stop-cascade";

    public static final String FIELD_MANAGER = "trimtab-cascade";

    private Cascade() {}

    public static boolean isWanted(Manifest graph) {
        return graph.annotations().text(KEY).filter("true"::equals).isPresent();
    }

    /** Names of the InferenceServices that the graph calls. They are in the graph's namespace. */
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

    /** Whether only the cascade wrote the stop annotation of this stopped service. */
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

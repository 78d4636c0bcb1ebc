package dev.trimtab.gpu;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Container;
import dev.trimtab.manifest.Pointers;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** @param resources the names of GPU resources in limits and requests, sorted */
public record GpuContainer(Container container, Map<String, GpuFamily> resources) {
    /** KServe's name of the container in the workers of a multi-node model. */
    private static final String WORKER = "worker-container";

    public static List<GpuContainer> of(ObjectNode workload) {
        return Container.of(workload).stream()
                .map(GpuContainer::of)
                .filter(it -> !it.resources.isEmpty())
                .toList();
    }

    public static GpuContainer of(Container container) {
        Map<String, GpuFamily> resources = new TreeMap<>();
        for (String kind : List.of("limits", "requests")) {
            container.node().path("resources").path(kind).properties().forEach(entry -> {
                Optional<GpuFamily> family = GpuFamily.of(entry.getKey());
                if (family.isPresent() && !Pointers.isAbsent(entry.getValue())) {
                    resources.put(entry.getKey(), family.get());
                }
            });
        }
        return new GpuContainer(container, resources);
    }

    public boolean isWorker() {
        return container.name().equals(WORKER);
    }

    public Collection<GpuFamily> families() {
        return resources.values();
    }

    public boolean has(String resource) {
        return resources.containsKey(resource);
    }

    public boolean isShared() {
        return families().stream().anyMatch(GpuFamily::isShare);
    }

    public JsonPointer at(String resource) {
        String kind = Pointers.isAbsent(limit(resource)) ? "requests" : "limits";
        return container.field("resources", kind, resource);
    }

    public JsonNode limit(String resource) {
        return container.node().path("resources").path("limits").path(resource);
    }

    public JsonNode request(String resource) {
        return container.node().path("resources").path("requests").path(resource);
    }
}

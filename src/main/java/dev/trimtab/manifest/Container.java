package dev.trimtab.manifest;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * One container of a pod template.
 *
 * @param at its place in the document
 * @param only whether the pod has no other container
 */
public record Container(JsonPointer at, JsonNode node, boolean only) {
    /** The port that Knative and KServe use for a container without ports. */
    public static final int DEFAULT_PORT = 8080;

    private static final String OF_KSERVE = "kserve-container";

    private static final String OF_KNATIVE = "user-container";

    /** Of the first containers. To make a pointer costs more than everything else here. */
    private static final List<JsonPointer> PLACES = IntStream.range(0, 16)
            .mapToObj(KnativeService.CONTAINERS::appendIndex)
            .toList();

    /** The containers of a Knative Service or Deployment, in order. Entries that are not maps are skipped. */
    public static List<Container> of(ObjectNode workload) {
        JsonNode list = workload.at(KnativeService.CONTAINERS);
        List<Container> containers = new ArrayList<>();
        for (int i = 0; list.isArray() && i < list.size(); i++) {
            if (list.get(i).isObject()) {
                JsonPointer at = i < PLACES.size() ? PLACES.get(i) : KnativeService.CONTAINERS.appendIndex(i);
                containers.add(new Container(at, list.get(i), list.size() == 1));
            }
        }
        return containers;
    }

    /** The model container: by KServe's name, by Knative's name, the only container, or the one with ports. */
    public static Optional<Container> serving(ObjectNode workload) {
        List<Container> all = of(workload);
        return named(all, OF_KSERVE)
                .or(() -> named(all, OF_KNATIVE))
                .or(() -> all.stream().filter(it -> it.only() || it.hasPorts()).findFirst());
    }

    private static Optional<Container> named(List<Container> all, String name) {
        for (Container container : all) {
            if (container.name().equals(name)) {
                return Optional.of(container);
            }
        }
        return Optional.empty();
    }

    public String name() {
        return node.path("name").asText("");
    }

    /** Whether Knative sends requests to this container. All other containers are sidecars. */
    public boolean getsTraffic() {
        return only || hasPorts();
    }

    public boolean hasPorts() {
        return node.path("ports").isArray() && !node.path("ports").isEmpty();
    }

    /** The number of the first port. Empty if there is none, or if it is not a valid port number. */
    public OptionalInt firstPort() {
        JsonNode port = node.path("ports").path(0).path("containerPort");
        boolean sound = port.isIntegralNumber() && port.canConvertToInt() && port.intValue() > 0;
        return sound && port.intValue() <= 65_535 ? OptionalInt.of(port.intValue()) : OptionalInt.empty();
    }

    public JsonPointer field(String... names) {
        JsonPointer pointer = at;
        for (String name : names) {
            pointer = pointer.appendProperty(name);
        }
        return pointer;
    }
}

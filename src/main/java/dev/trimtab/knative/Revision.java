package dev.trimtab.knative;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The parts of a Revision that a review needs.
 *
 * @param isRouted whether it gets traffic: label {@code serving.knative.dev/routingState} is {@code active}
 * @param podSpec empty if Knative named the Revision: an author can return only to a name of their own
 */
public record Revision(
        String service, String name, boolean isRouted, OptionalInt actualReplicas, Optional<JsonNode> podSpec) {
    /** Label on each Revision of a Knative Service. Missing if a Configuration has no Service. */
    private static final String SERVICE = "serving.knative.dev/service";

    private static final String CONFIGURATION = "serving.knative.dev/configuration";
    private static final String ROUTING_STATE = "serving.knative.dev/routingState";

    /** Empty if the Revision belongs to no Service. */
    public static Optional<Revision> of(ObjectNode object) {
        Manifest revision = new Manifest(object);
        String service = revision.labels().getOrDefault(SERVICE, "");
        if (service.isEmpty()) {
            return Optional.empty();
        }
        JsonNode replicas = object.path("status").path("actualReplicas");
        JsonNode spec = object.path("spec");
        return Optional.of(new Revision(
                service,
                revision.name(),
                "active".equals(revision.labels().get(ROUTING_STATE)),
                replicas.canConvertToInt() && replicas.intValue() >= 0
                        ? OptionalInt.of(replicas.intValue())
                        : OptionalInt.empty(),
                isNamedByKnative(revision)
                        ? Optional.empty()
                        : Optional.of(spec).filter(JsonNode::isObject)));
    }

    /** Knative's names are {@code <configuration>-00001} and so on (kmeta.ChildName with "-%05d"). */
    private static boolean isNamedByKnative(Manifest revision) {
        String configuration = revision.labels().getOrDefault(CONFIGURATION, "");
        return revision.name().startsWith(configuration + "-")
                && revision.name().substring(configuration.length() + 1).matches("\\d{5,}");
    }
}

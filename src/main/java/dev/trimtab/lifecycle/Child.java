package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ResourceKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One object that KServe made of a service and that the service owns.
 *
 * @param uid with {@code resourceVersion}, the very object that was looked at: nothing else is ever deleted
 * @param component predictor, transformer or explainer; empty where it is of all of them
 * @param created when KServe made it
 * @param terminating whether it is on its way out
 * @param finalizers who has to let go of it before it is gone
 */
public record Child(
        ChildKind kind,
        String namespace,
        String name,
        String uid,
        String resourceVersion,
        String component,
        Optional<Instant> created,
        boolean terminating,
        List<String> finalizers) {
    /** Keeps a child that KServe would make again and again; only Trimtab takes it off. */
    public static final String FINALIZER = "trimtab.dev/stopped";

    private static final String COMPONENT = "component";

    /** KServe's label on each part of an InferenceService (kserve 0.14 to 0.20, constants.KServiceComponentLabel). */
    public static String componentOf(JsonNode object) {
        return object.path("metadata").path("labels").path(COMPONENT).asText("");
    }

    public static Child of(ChildKind kind, JsonNode object) {
        JsonNode metadata = object.path("metadata");
        List<String> finalizers = new ArrayList<>();
        metadata.path("finalizers").forEach(it -> finalizers.add(it.asText("")));
        return new Child(
                kind,
                metadata.path("namespace").asText(""),
                metadata.path("name").asText(""),
                metadata.path("uid").asText(""),
                metadata.path("resourceVersion").asText(""),
                componentOf(object),
                Times.read(metadata.path("creationTimestamp")),
                !Pointers.isAbsent(metadata.path("deletionTimestamp")),
                List.copyOf(finalizers));
    }

    /** Whether Trimtab keeps it there, on its way out, so that KServe makes no other. */
    public boolean held() {
        return finalizers.contains(FINALIZER);
    }

    /** The UID of the one owner that counts; empty where there is none. */
    public static String controllerOf(JsonNode object) {
        return controllerReference(object)
                .map(owner -> owner.path("uid").asText(""))
                .orElse("");
    }

    /** The reference to the one owner that counts. */
    public static Optional<JsonNode> controllerReference(JsonNode object) {
        for (JsonNode owner : object.at("/metadata/ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                return Optional.of(owner);
            }
        }
        return Optional.empty();
    }

    /** Whether it was made after a moment; Kubernetes writes whole seconds. */
    boolean isYoungerThan(Instant moment) {
        return created.filter(it -> it.isAfter(moment)).isPresent();
    }

    @Override
    public String toString() {
        return "%s %s".formatted(kind, name);
    }

    /**
     * What KServe makes of a service, in the order in which it is taken down: first what would scale it up again, then what
     * holds pods, at last the ways to it.
     */
    public enum ChildKind {
        HORIZONTAL_POD_AUTOSCALER(ResourceKind.HORIZONTAL_POD_AUTOSCALER),
        SCALED_OBJECT(ResourceKind.SCALED_OBJECT),
        KNATIVE_SERVICE(ResourceKind.KNATIVE_SERVICE),
        DEPLOYMENT(ResourceKind.DEPLOYMENT),
        OPEN_TELEMETRY_COLLECTOR(ResourceKind.OPEN_TELEMETRY_COLLECTOR),
        VIRTUAL_SERVICE(ResourceKind.VIRTUAL_SERVICE),
        HTTP_ROUTE(ResourceKind.HTTP_ROUTE),
        INGRESS(ResourceKind.INGRESS),
        SERVICE(ResourceKind.SERVICE);

        private final ResourceKind resource;

        ChildKind(ResourceKind resource) {
            this.resource = resource;
        }

        public ResourceKind resource() {
            return resource;
        }

        /** Whether pods come of it, so that it has to stay away for as long as the service is stopped. */
        public boolean holdsPods() {
            return this == KNATIVE_SERVICE || this == DEPLOYMENT;
        }

        /** As a person would say it. */
        @Override
        public String toString() {
            return this == KNATIVE_SERVICE ? "Knative Service" : resource.kindName();
        }
    }
}

package dev.trimtab.drift;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.lifecycle.Conditions;
import dev.trimtab.manifest.Manifest;
import java.util.Optional;

public final class Readiness {
    private Readiness() {}

    /** What is missing until the object, as written now, is ready. Empty if it is ready. */
    public static Optional<String> missing(Manifest object) {
        return switch (object.kind()) {
            case KNATIVE_SERVICE -> ofService(object);
            case DEPLOYMENT -> ofDeployment(object);
            case INFERENCE_SERVICE, INFERENCE_GRAPH, POD_AUTOSCALER, OTHER -> {
                Conditions conditions = new Conditions(object);
                yield conditions.isRunning() ? Optional.empty() : Optional.of(conditions.notReady());
            }
        };
    }

    /** Condition {@code Ready} alone may still describe the previous Revision. */
    private static Optional<String> ofService(Manifest object) {
        JsonNode status = object.root().path("status");
        if (isOld(object)) {
            return Optional.of("Knative has not processed the change yet");
        }
        String created = status.path("latestCreatedRevisionName").asText("");
        String ready = status.path("latestReadyRevisionName").asText("");
        Optional<String> condition = notTrue(status, "Ready");
        if (condition.isPresent() || created.equals(ready)) {
            return condition;
        }
        return Optional.of("revision %s is not ready".formatted(created));
    }

    /** As {@code kubectl rollout status}. */
    private static Optional<String> ofDeployment(Manifest object) {
        JsonNode status = object.root().path("status");
        int wanted = object.root().at("/spec/replicas").asInt(1);
        int updated = status.path("updatedReplicas").asInt(0);
        int available = status.path("availableReplicas").asInt(0);
        int all = status.path("replicas").asInt(0);
        if (isOld(object)) {
            return Optional.of("Kubernetes has not processed the change yet");
        }
        if (updated < wanted || all > updated || available < updated) {
            return Optional.of("%d of %d pods are new, %d available%s"
                    .formatted(
                            updated,
                            wanted,
                            available,
                            notTrue(status, "Progressing").map(it -> "; " + it).orElse("")));
        }
        return Optional.empty();
    }

    private static boolean isOld(Manifest object) {
        return object.root().at("/status/observedGeneration").asLong()
                < object.root().at("/metadata/generation").asLong();
    }

    private static Optional<String> notTrue(JsonNode status, String type) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText("").equals(type)) {
                String state = condition.path("status").asText("");
                return state.equals("True") ? Optional.empty() : Optional.of(said(type, condition, state));
            }
        }
        return Optional.of("no condition says whether it is " + type);
    }

    private static String said(String type, JsonNode condition, String state) {
        StringBuilder text = new StringBuilder(type + " is " + state);
        for (String field : new String[] {"reason", "message"}) {
            String value = condition.path(field).asText("").strip().replaceAll("\\s+", " ");
            text.append(value.isEmpty() ? "" : ": " + value);
        }
        return text.toString();
    }
}

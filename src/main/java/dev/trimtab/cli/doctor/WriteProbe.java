package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.kube.RawClient;
import dev.trimtab.manifest.ResourceKind;
import dev.trimtab.stability.FillRecord;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Creates an object in a dry-run, as KServe does at each reconcile: the API server asks all webhooks and stores nothing.
 *
 * @param nanos the clock
 */
record WriteProbe(String namespace, LongSupplier nanos) {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String NAME = "trimtab-doctor";

    /** With this annotation Trimtab fills a timeout into an InferenceService (rule component-timeout). */
    private static final String LONGEST = "trimtab.dev/max-response-seconds";

    JsonNode run(LiveCluster cluster) throws ApiProblem {
        boolean knative = !cluster.get("the kinds of Knative", "/apis/" + ResourceKind.KNATIVE_SERVICE.apiVersion())
                .isMissingNode();
        return knative
                ? attempt(cluster, ResourceKind.KNATIVE_SERVICE, service())
                : attempt(cluster, ResourceKind.INFERENCE_SERVICE, inferenceService());
    }

    private JsonNode attempt(LiveCluster cluster, ResourceKind kind, ObjectNode object) throws ApiProblem {
        ObjectNode result = JSON.objectNode().put("object", "%s in namespace %s".formatted(kind.kindName(), namespace));
        String path = RawClient.path(kind, namespace) + "?dryRun=All";
        long start = nanos.getAsLong();
        try {
            JsonNode stored = cluster.create(kind.plural(), path, object);
            boolean filled = stored.at("/metadata/annotations").has(FillRecord.ANNOTATION)
                    || stored.at("/spec/predictor").has("timeout");
            return result.put("filled", filled)
                    .put("millis", Duration.ofNanos(nanos.getAsLong() - start).toMillis());
        } catch (ApiProblem problem) {
            if (problem.isUnreachable()) {
                throw problem;
            }
            return result.put("refused", problem.getMessage());
        }
    }

    private ObjectNode service() {
        ObjectNode service = object(ResourceKind.KNATIVE_SERVICE);
        service.putObject("spec")
                .putObject("template")
                .putObject("spec")
                .putArray("containers")
                .addObject()
                .put("image", "registry.invalid/" + NAME);
        return service;
    }

    private ObjectNode inferenceService() {
        ObjectNode service = object(ResourceKind.INFERENCE_SERVICE);
        service.withObject("/metadata").putObject("annotations").put(LONGEST, "10");
        service.putObject("spec")
                .putObject("predictor")
                .putArray("containers")
                .addObject()
                .put("name", "kserve-container")
                .put("image", "registry.invalid/" + NAME);
        return service;
    }

    private ObjectNode object(ResourceKind kind) {
        ObjectNode object =
                JSON.objectNode().put("apiVersion", kind.apiVersion()).put("kind", kind.kindName());
        object.putObject("metadata").put("generateName", NAME + "-").put("namespace", namespace);
        return object;
    }
}

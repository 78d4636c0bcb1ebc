package dev.trimtab.api.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What authors write. */
public final class Models {
    private Models() {}

    /** @param more fields of the predictor, as a YAML flow: {@code , maxReplicas: 3} */
    public static String inferenceService(String namespace, String name, String annotations, String more) {
        return """
                apiVersion: serving.kserve.io/v1beta1
                kind: InferenceService
                metadata: {name: %s, namespace: %s, annotations: {%s}}
                spec:
                  predictor: {model: {modelFormat: {name: sklearn}, storageUri: "gs://models/iris"}%s}
                """.formatted(name, namespace, annotations, more);
    }

    public static String inferenceService(String namespace, String name) {
        return inferenceService(namespace, name, "", "");
    }

    public static String customInferenceService(String namespace, String name, String image) {
        return """
                apiVersion: serving.kserve.io/v1beta1
                kind: InferenceService
                metadata: {name: %s, namespace: %s}
                spec: {predictor: {containers: [{name: kserve-container, image: "%s"}]}}
                """.formatted(name, namespace, image);
    }

    public static String inferenceGraph(String namespace, String name) {
        return """
                apiVersion: serving.kserve.io/v1alpha1
                kind: InferenceGraph
                metadata: {name: %s, namespace: %s}
                spec: {nodes: {root: {routerType: Sequence, steps: [{name: first, serviceName: iris}]}}}
                """.formatted(name, namespace);
    }

    /** @param annotations of the template, as a YAML flow */
    public static String knativeService(String namespace, String name, String annotations) {
        return knativeService(namespace, name, annotations, "example/hello:1");
    }

    public static String knativeService(String namespace, String name, String annotations, String image) {
        return """
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata: {name: %s, namespace: %s}
                spec:
                  template:
                    metadata: {annotations: {%s}}
                    spec: {containers: [{image: "%s"}]}
                """.formatted(name, namespace, annotations, image);
    }

    /**
     * What authors and KServe wrote, and the generation: without what the controllers of Knative and Kubernetes write at any
     * time.
     */
    public static ObjectNode authored(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        copy.remove("status");
        ObjectNode metadata = copy.withObject("/metadata");
        metadata.remove(List.of("resourceVersion", "managedFields"));
        metadata.withObject("/annotations").remove("deployment.kubernetes.io/revision");
        // What autoscaling/v1 shows of the status.
        List<String> shown = new ArrayList<>();
        metadata.withObject("/annotations").fieldNames().forEachRemaining(shown::add);
        shown.removeIf(it -> !it.startsWith("autoscaling.alpha.kubernetes.io/"));
        metadata.withObject("/annotations").remove(shown);
        if (metadata.path("annotations").isEmpty()) {
            metadata.remove("annotations");
        }
        return copy;
    }

    public static int generation(ObjectNode object) {
        return object.at("/metadata/generation").asInt();
    }

    static String resourceVersion(ObjectNode object) {
        return object.at("/metadata/resourceVersion").asText();
    }

    /** The annotations of the template in short: {@code min} for {@code autoscaling.knative.dev/min-scale}. */
    public static Map<String, String> scale(ObjectNode service) {
        Map<String, String> annotations = new TreeMap<>();
        service.at("/spec/template/metadata/annotations")
                .properties()
                .forEach(entry -> annotations.put(
                        entry.getKey().replace("autoscaling.knative.dev/", "").replace("-scale", ""),
                        entry.getValue().asText()));
        return annotations;
    }
}

package dev.trimtab.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/** What authors write. */
final class Models {
    private Models() {}

    /** @param more fields of the predictor, as a YAML flow: {@code , maxReplicas: 3} */
    static String inferenceService(String namespace, String name, String annotations, String more) {
        return """
                apiVersion: serving.kserve.io/v1beta1
                kind: InferenceService
                metadata: {name: %s, namespace: %s, annotations: {%s}}
                spec:
                  predictor: {model: {modelFormat: {name: sklearn}, storageUri: "gs://models/iris"}%s}
                """.formatted(name, namespace, annotations, more);
    }

    static String inferenceService(String namespace, String name) {
        return inferenceService(namespace, name, "", "");
    }

    static String customInferenceService(String namespace, String name, String image) {
        return """
                apiVersion: serving.kserve.io/v1beta1
                kind: InferenceService
                metadata: {name: %s, namespace: %s}
                spec: {predictor: {containers: [{name: kserve-container, image: "%s"}]}}
                """.formatted(name, namespace, image);
    }

    static String inferenceGraph(String namespace, String name) {
        return """
                apiVersion: serving.kserve.io/v1alpha1
                kind: InferenceGraph
                metadata: {name: %s, namespace: %s}
                spec: {nodes: {root: {routerType: Sequence, steps: [{name: first, serviceName: iris}]}}}
                """.formatted(name, namespace);
    }

    /** @param annotations of the template, as a YAML flow */
    static String knativeService(String namespace, String name, String annotations) {
        return knativeService(namespace, name, annotations, "example/hello:1");
    }

    static String knativeService(String namespace, String name, String annotations, String image) {
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

    static int generation(ObjectNode object) {
        return object.at("/metadata/generation").asInt();
    }

    static String resourceVersion(ObjectNode object) {
        return object.at("/metadata/resourceVersion").asText();
    }

    /** The annotations of the template in short: {@code min} for {@code autoscaling.knative.dev/min-scale}. */
    static Map<String, String> scale(ObjectNode service) {
        Map<String, String> annotations = new TreeMap<>();
        service.at("/spec/template/metadata/annotations")
                .properties()
                .forEach(entry -> annotations.put(
                        entry.getKey().replace("autoscaling.knative.dev/", "").replace("-scale", ""),
                        entry.getValue().asText()));
        return annotations;
    }
}

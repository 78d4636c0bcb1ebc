package dev.trimtab.api.fakes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.Api.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The Knative Services that KServe renders, written from what KServe 0.20 sent (kserve-recorded), not from the code that is
 * tested. Left out: what comes of a ServingRuntime and of KServe's own ConfigMap.
 */
final class KserveServices {
    private static final List<String> COMPONENTS = List.of("predictor", "transformer", "explainer");

    /** What of a component is no field of a pod. */
    private static final Set<String> OWN = Set.of(
            "annotations",
            "batcher",
            "canaryTrafficPercent",
            "containerConcurrency",
            "containers",
            "labels",
            "logger",
            "maxReplicas",
            "minReplicas",
            "model",
            "scaleMetric",
            "scaleTarget",
            "timeout");

    private static final String SCALING = "autoscaling.knative.dev/";
    private static final String INITIAL_SCALE = SCALING + "initial-scale";

    /** Of an InferenceService KServe does not copy them into the template. */
    private static final Set<String> NOT_COPIED = Set.of(
            SCALING + "min-scale",
            SCALING + "max-scale",
            "internal.serving.kserve.io/storage-initializer-sourceuri",
            "kubectl.kubernetes.io/last-applied-configuration");

    private KserveServices() {}

    /** None of what is stopped, or in another deployment mode. */
    static List<ObjectNode> of(ObjectNode object, boolean zeroAllowed) {
        List<ObjectNode> services = new ArrayList<>();
        JsonNode annotations = object.at("/metadata/annotations");
        if (annotations.path("serving.kserve.io/stop").asText().equalsIgnoreCase("true")
                || annotations
                        .path("serving.kserve.io/deploymentMode")
                        .asText()
                        .matches("Standard|RawDeployment|ModelMesh")) {
            return services;
        }
        if (object.path("kind").asText().equals("InferenceGraph")) {
            services.add(graph(object, zeroAllowed));
            return services;
        }
        for (String component : COMPONENTS) {
            if (object.path("spec").path(component).isObject()) {
                services.add(component(object, component, zeroAllowed));
            }
        }
        return services;
    }

    private static ObjectNode component(ObjectNode object, String name, boolean zeroAllowed) {
        JsonNode component = object.path("spec").path(name);
        ObjectNode service = owned(object, object.at("/metadata/name").asText() + "-" + name);
        ObjectNode labels = copy(object.at("/metadata/labels"));
        labels.setAll(copy(component.path("labels")));
        labels.put("component", name)
                .put(
                        "serving.kserve.io/inferenceservice",
                        object.at("/metadata/name").asText());
        service.withObject("/metadata").set("labels", labels.deepCopy());
        labels.remove("networking.knative.dev/visibility");
        service.withObject("/spec/template/metadata").set("labels", labels);

        ObjectNode annotations = copy(object.at("/metadata/annotations"));
        annotations.remove(NOT_COPIED);
        dropInitialScale(annotations, zeroAllowed);
        annotations.setAll(copy(component.path("annotations")));
        scale(component, annotations);
        service.withObject("/spec/template/metadata").set("annotations", annotations);

        ObjectNode pod = service.withObject("/spec/template/spec");
        ObjectNode fields = copy(component);
        fields.remove(OWN);
        pod.setAll(fields);
        if (component.path("timeout").isNumber()) {
            pod.set("timeoutSeconds", component.path("timeout"));
            pod.set("responseStartTimeoutSeconds", component.path("timeout"));
        }
        if (component.path("containerConcurrency").isNumber()) {
            pod.set("containerConcurrency", component.path("containerConcurrency"));
        }
        if (component.path("containers").isArray()) {
            pod.set("containers", component.path("containers").deepCopy());
        } else {
            // The amounts are not in the canonical form, as a ServingRuntime may have them.
            pod.set("containers", Api.yaml("""
                    containers:
                      - name: kserve-container
                        image: kserve/sklearnserver:v0.20.0
                        args: ["--model_dir=/mnt/models", "--http_port=8080"]
                        resources: {requests: {cpu: 1000m, memory: 2048Mi}}
                    """).path("containers"));
        }
        service.withObject("/spec")
                .set(
                        "traffic",
                        Api.yaml("traffic: [{latestRevision: true, percent: 100}]")
                                .path("traffic"));
        return service;
    }

    /** With its labels on the template only, one timeout, no name of its container and no traffic. */
    private static ObjectNode graph(ObjectNode object, boolean zeroAllowed) {
        JsonNode spec = object.path("spec");
        String name = object.at("/metadata/name").asText();
        ObjectNode service = owned(object, name);
        ObjectNode labels = copy(object.at("/metadata/labels"));
        labels.put("serving.kserve.io/inferencegraph", name).put("serving.kserve.io/kind", "InferenceGraph");
        service.withObject("/spec/template/metadata").set("labels", labels);
        ObjectNode annotations = copy(object.at("/metadata/annotations"));
        dropInitialScale(annotations, zeroAllowed);
        scale(spec, annotations);
        service.withObject("/spec/template/metadata").set("annotations", annotations);
        ObjectNode pod = Api.yaml("""
                automountServiceAccountToken: false
                containers:
                  - image: kserve/router:v0.20.0
                    imagePullPolicy: IfNotPresent
                    readinessProbe:
                      httpGet: {path: /readyz, port: 8080, scheme: HTTP}
                      initialDelaySeconds: 5
                      periodSeconds: 5
                      timeoutSeconds: 2
                      successThreshold: 1
                      failureThreshold: 3
                    resources: {requests: {cpu: 100m, memory: 100Mi}, limits: {cpu: "1", memory: 1Gi}}
                """);
        if (spec.path("timeout").isNumber()) {
            pod.set("timeoutSeconds", spec.path("timeout"));
        }
        service.withObject("/spec/template").set("spec", pod);
        return service;
    }

    private static ObjectNode owned(ObjectNode object, String name) {
        ObjectNode service = Api.yaml("{apiVersion: %s, kind: %s}"
                .formatted(Kind.KNATIVE_SERVICE.version(), Kind.KNATIVE_SERVICE.kindName()));
        Owned.by(object, service, object.at("/metadata/namespace").asText(), name);
        return service;
    }

    /** Where Knative would refuse it. */
    private static void dropInitialScale(ObjectNode annotations, boolean zeroAllowed) {
        String value = annotations.path(INITIAL_SCALE).asText();
        if (!value.matches("[+-]?[0-9]+") || (value.matches("[+-]?0+") && !zeroAllowed)) {
            annotations.remove(INITIAL_SCALE);
        }
    }

    private static void scale(JsonNode bounds, ObjectNode annotations) {
        if (!annotations.has(SCALING + "class")) {
            annotations.put(SCALING + "class", "kpa.autoscaling.knative.dev");
        }
        annotations.put(
                SCALING + "min-scale",
                Integer.toString(bounds.path("minReplicas").asInt(1)));
        if (bounds.path("maxReplicas").asInt() != 0) {
            annotations.put(SCALING + "max-scale", bounds.path("maxReplicas").asText());
        }
        if (bounds.has("scaleTarget")) {
            annotations.put(SCALING + "target", bounds.path("scaleTarget").asText());
        }
        if (bounds.has("scaleMetric")) {
            annotations.put(SCALING + "metric", bounds.path("scaleMetric").asText());
        }
    }

    private static ObjectNode copy(JsonNode object) {
        return object.isObject() ? object.deepCopy() : Api.yaml("{}");
    }
}

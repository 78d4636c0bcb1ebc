package dev.trimtab.api.fakes;

import static dev.trimtab.api.cluster.Api.Kind.DEPLOYMENT;
import static dev.trimtab.api.cluster.Api.Kind.HORIZONTAL_POD_AUTOSCALER;
import static dev.trimtab.api.cluster.Api.Kind.HTTP_ROUTE;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_GRAPH;
import static dev.trimtab.api.cluster.Api.Kind.INGRESS;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.SCALED_OBJECT;
import static dev.trimtab.api.cluster.Api.Kind.SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.VIRTUAL_SERVICE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.Api.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What KServe makes of a service, each object with its labels and its owner, in the order in which it does. */
final class KserveRendering {
    private static final List<String> COMPONENTS = List.of("predictor", "transformer", "explainer");

    /** One object to be there. */
    record Part(Kind kind, ObjectNode object) {}

    List<Part> of(Kind kind, ObjectNode service) {
        String name = service.at("/metadata/name").asText();
        JsonNode annotations = service.at("/metadata/annotations");
        boolean standard =
                annotations.path("serving.kserve.io/deploymentMode").asText("").matches("Standard|RawDeployment");
        List<Part> parts = new ArrayList<>();
        if (kind == INFERENCE_GRAPH) {
            workload(parts, service, name, "", standard);
            return parts;
        }
        for (String component : COMPONENTS) {
            if (service.at("/spec").has(component)) {
                workload(parts, service, name + "-" + component, component, standard);
            }
        }
        if (!standard) {
            parts.add(part(VIRTUAL_SERVICE, service, name, "", "{spec: {hosts: [%s.example.com]}}".formatted(name)));
            parts.add(part(
                    SERVICE,
                    service,
                    name,
                    "",
                    "{spec: {type: ExternalName, externalName: gateway.example.com, sessionAffinity: None}}"));
        } else if (annotations.path("example.com/gateway-api").asBoolean()) {
            parts.add(part(HTTP_ROUTE, service, name, "", "{spec: {hostnames: [%s.example.com]}}".formatted(name)));
            parts.add(part(
                    HTTP_ROUTE, service, name + "-predictor", "predictor", "{spec: {hostnames: [p.example.com]}}"));
        } else {
            parts.add(part(
                    INGRESS,
                    service,
                    name,
                    "",
                    "{spec: {defaultBackend: {service: {name: %s-predictor, port: {number: 80}}}}}".formatted(name)));
        }
        return parts;
    }

    private static void workload(
            List<Part> parts, ObjectNode service, String name, String component, boolean standard) {
        String template = """
                template:
                    metadata: {labels: %s, annotations: %s}
                    spec:
                      %s
                      nodeSelector: %s
                      containers:
                      - name: kserve-container
                        image: example/model:1
                        resources: {limits: %s}
                """.formatted(
                        labels(service, component),
                        templateAnnotations(service, component),
                        standard ? "terminationGracePeriodSeconds: 600" : "timeoutSeconds: 600",
                        own(service, component, "nodeSelector", "{}"),
                        own(service, component, "model/resources/limits", "{nvidia.com/gpu: 2}"));
        if (!standard) {
            parts.add(part(KNATIVE_SERVICE, service, name, component, "spec:\n  " + template));
            return;
        }
        parts.add(part(
                SERVICE,
                service,
                name,
                component,
                "{spec: {ports: [{port: 80}], selector: {app: isvc.%s}}}".formatted(name)));
        parts.add(part(
                DEPLOYMENT,
                service,
                name,
                component,
                "spec:\n  selector: {matchLabels: %s}\n  ".formatted(labels(service, component)) + template));
        boolean keda = service.at("/metadata/annotations")
                .path("serving.kserve.io/autoscalerClass")
                .asText("")
                .equals("keda");
        String target = "{apiVersion: apps/v1, kind: Deployment, name: %s}".formatted(name);
        parts.add(
                keda
                        ? part(
                                SCALED_OBJECT,
                                service,
                                name,
                                component,
                                "{spec: {scaleTargetRef: {name: %s}, triggers: [{type: cpu, metadata: {value: \"80\"}}]}}"
                                        .formatted(name))
                        : part(
                                HORIZONTAL_POD_AUTOSCALER,
                                service,
                                name,
                                component,
                                "{spec: {scaleTargetRef: %s, maxReplicas: 3}}".formatted(target)));
    }

    /** A field that KServe passes on. */
    private static String own(ObjectNode service, String component, String field, String otherwise) {
        JsonNode value = service.at("/spec/%s/%s".formatted(component, field));
        return value.isMissingNode() ? otherwise : value.toString();
    }

    private static Part part(Kind kind, ObjectNode service, String name, String component, String content) {
        ObjectNode object = Api.yaml(content);
        object.put("apiVersion", kind.version()).put("kind", kind.kindName());
        Owned.by(service, object, service.at("/metadata/namespace").asText(), name);
        object.withObject("/metadata").set("labels", Api.yaml(labels(service, component)));
        return new Part(kind, object);
    }

    private static String labels(ObjectNode service, String component) {
        String kind = service.path("kind").asText().toLowerCase(Locale.ROOT);
        return "{serving.kserve.io/%s: %s%s}"
                .formatted(
                        kind,
                        service.at("/metadata/name").asText(),
                        component.isEmpty() ? "" : ", component: " + component);
    }

    /** KServe copies those of the service, and over them the component's. */
    private static String templateAnnotations(ObjectNode service, String component) {
        ObjectNode merged = service.at("/metadata/annotations").isObject()
                ? service.at("/metadata/annotations").deepCopy()
                : Api.yaml("{}");
        if (service.at("/spec").path(component).path("annotations") instanceof ObjectNode own) {
            merged.setAll(own);
        }
        return merged.toString();
    }
}

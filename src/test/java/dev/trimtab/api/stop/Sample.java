package dev.trimtab.api.stop;

import static dev.trimtab.api.cluster.Api.Kind.DEPLOYMENT;
import static dev.trimtab.api.cluster.Api.Kind.HORIZONTAL_POD_AUTOSCALER;
import static dev.trimtab.api.cluster.Api.Kind.HTTP_ROUTE;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_GRAPH;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.INGRESS;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.SCALED_OBJECT;
import static dev.trimtab.api.cluster.Api.Kind.SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.VIRTUAL_SERVICE;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.Api.Kind;
import java.util.List;

/**
 * A service named {@code llama}, and what KServe makes of it.
 *
 * @param annotations as a YAML flow, without its braces
 * @param spec likewise
 */
record Sample(String title, Kind kind, String annotations, String spec, List<Kind> parts) {
    static final String NAME = "llama";

    private static final String STANDARD = "serving.kserve.io/deploymentMode: Standard";
    private static final String NODES =
            "nodes: {root: {routerType: Sequence, steps: [{name: first, serviceName: iris}]}}";

    static final Sample KNATIVE = new Sample(
            "Knative, predictor",
            INFERENCE_SERVICE,
            "",
            "predictor: {}",
            List.of(KNATIVE_SERVICE, VIRTUAL_SERVICE, SERVICE));
    static final Sample KNATIVE_WITH_COMPONENTS = new Sample(
            "Knative, transformer and explainer",
            INFERENCE_SERVICE,
            "",
            "predictor: {}, transformer: {}, explainer: {}",
            List.of(KNATIVE_SERVICE, VIRTUAL_SERVICE, SERVICE));
    static final Sample STANDARD_HPA = new Sample(
            "Standard, HPA, Ingress",
            INFERENCE_SERVICE,
            STANDARD,
            "predictor: {}, transformer: {}",
            List.of(DEPLOYMENT, SERVICE, HORIZONTAL_POD_AUTOSCALER, INGRESS));
    static final Sample STANDARD_KEDA = new Sample(
            "Standard, KEDA, HTTPRoute",
            INFERENCE_SERVICE,
            STANDARD + ", serving.kserve.io/autoscalerClass: keda, example.com/gateway-api: \"true\"",
            "predictor: {}, explainer: {}",
            List.of(DEPLOYMENT, SERVICE, SCALED_OBJECT, HTTP_ROUTE));
    static final Sample GRAPH =
            new Sample("InferenceGraph, Knative", INFERENCE_GRAPH, "", NODES, List.of(KNATIVE_SERVICE));
    static final Sample GRAPH_STANDARD = new Sample(
            "InferenceGraph, Standard",
            INFERENCE_GRAPH,
            STANDARD,
            NODES,
            List.of(DEPLOYMENT, SERVICE, HORIZONTAL_POD_AUTOSCALER));

    static List<Sample> all() {
        return List.of(KNATIVE, KNATIVE_WITH_COMPONENTS, STANDARD_HPA, STANDARD_KEDA, GRAPH, GRAPH_STANDARD);
    }

    Sample with(String annotation) {
        String all = annotations.isEmpty() ? annotation : annotations + ", " + annotation;
        return new Sample(title, kind, all, spec, parts);
    }

    Sample withSpec(String other) {
        return new Sample(title, kind, annotations, other, parts);
    }

    ObjectNode in(String namespace) {
        return Api.yaml("""
                apiVersion: %s
                kind: %s
                metadata: {name: %s, namespace: %s, annotations: {%s}}
                spec: {%s}
                """.formatted(kind.version(), kind.kindName(), NAME, namespace, annotations, spec));
    }

    @Override
    public String toString() {
        return title;
    }
}

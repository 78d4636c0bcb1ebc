package dev.trimtab.api.stop;

import static dev.trimtab.api.cluster.Api.Kind.CONFIGURATION;
import static dev.trimtab.api.cluster.Api.Kind.DEPLOYMENT;
import static dev.trimtab.api.cluster.Api.Kind.HORIZONTAL_POD_AUTOSCALER;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.INGRESS;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.POD;
import static dev.trimtab.api.cluster.Api.Kind.REVISION;
import static dev.trimtab.api.cluster.Api.Kind.SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.VIRTUAL_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.Api.Kind;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.Models;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What runs beside a service, in the same namespace, and has to be left as it is: another service, and a workload made by
 * hand that has the label of the service and no owner.
 */
record Bystanders(Scene scene) {
    private static final String OTHER = Sample.NAME + "-2";
    private static final String COPY = Sample.NAME + "-copy";

    private static final List<Kind> KINDS = List.of(
            INFERENCE_SERVICE,
            KNATIVE_SERVICE,
            CONFIGURATION,
            REVISION,
            DEPLOYMENT,
            HORIZONTAL_POD_AUTOSCALER,
            VIRTUAL_SERVICE,
            INGRESS,
            SERVICE,
            POD);

    /** @return what they are, as soon as all of them run and nobody has a reason to write them any more */
    Map<String, String> createAndRun() {
        ObjectNode other = scene.sample().in(scene.namespace());
        other.withObject("/metadata").put("name", OTHER);
        cluster().create(scene.sample().kind(), other);
        boolean knative = scene.sample().parts().contains(KNATIVE_SERVICE);
        cluster().create(knative ? KNATIVE_SERVICE : DEPLOYMENT, copy(knative));
        Eventually.holds(scene + ": bystanders run", () -> isReady() && isOnNode(OTHER) && isOnNode(COPY));
        return seen();
    }

    void areUntouched(Map<String, String> before) {
        assertThat(seen())
                .as("%s in %s: bystanders", scene.sample(), scene.namespace())
                .isEqualTo(before);
    }

    private Map<String, String> seen() {
        Map<String, String> seen = new TreeMap<>();
        for (Kind kind : KINDS) {
            for (ObjectNode it : scene.all(kind)) {
                String name = it.at("/metadata/name").asText();
                if (isBystander(name)) {
                    seen.put(kind + " " + name, Models.authored(it).toString());
                }
            }
        }
        return seen;
    }

    private static boolean isBystander(String name) {
        return name.startsWith(OTHER) || name.startsWith(COPY);
    }

    private boolean isReady() {
        ObjectNode other = cluster().get(scene.sample().kind(), scene.namespace(), OTHER);
        for (JsonNode condition : other.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    private boolean isOnNode(String prefix) {
        List<ObjectNode> pods = scene.all(POD).stream()
                .filter(it -> it.at("/metadata/name").asText().startsWith(prefix))
                .toList();
        return !pods.isEmpty() && pods.stream().allMatch(it -> it.at("/spec").has("nodeName"));
    }

    private ObjectNode copy(boolean knative) {
        return Api.yaml("""
                apiVersion: %s
                kind: %s
                metadata: {name: %s, namespace: %s, labels: {serving.kserve.io/inferenceservice: %s}}
                spec:
                  %s
                  template:
                    metadata: {labels: {serving.kserve.io/inferenceservice: %s, copy: by-hand}}
                    spec: {containers: [{name: model, image: example/model:1}]}
                """.formatted(
                        knative ? KNATIVE_SERVICE.version() : DEPLOYMENT.version(),
                        knative ? KNATIVE_SERVICE.kindName() : DEPLOYMENT.kindName(),
                        COPY,
                        scene.namespace(),
                        Sample.NAME,
                        knative ? "" : "selector: {matchLabels: {copy: by-hand}}",
                        Sample.NAME));
    }

    private Api cluster() {
        return scene.cluster().api;
    }
}

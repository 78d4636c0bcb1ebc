package dev.trimtab.api.autoscalers;

import static dev.trimtab.api.cluster.Api.Kind.DEPLOYMENT;
import static dev.trimtab.api.cluster.Api.Kind.EVENT;
import static dev.trimtab.api.cluster.Api.Kind.POD_AUTOSCALER;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.cluster.CurrentSettings;
import java.util.Comparator;
import java.util.List;

/** PodAutoscalers in a namespace, and Deployments for them to scale. */
public record Autoscalers(Cluster cluster, CurrentSettings settings, String namespace) {
    private static final String ONE = """
            apiVersion: autoscaling.aibrix.ai/v1alpha1
            kind: PodAutoscaler
            metadata:
              name: %s
              namespace: %s
            spec:
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: %s}
              minReplicas: 1
              maxReplicas: 8
              scalingStrategy: APA
              metricsSources:
                - {metricSourceType: pod, protocolType: http, port: "8000", path: metrics, targetMetric: num_requests_waiting, targetValue: "10"}
            """;

    /** One that is sound by itself. */
    public ObjectNode sound(String name, String target) {
        return Api.yaml(ONE.formatted(name, namespace, target));
    }

    /** Created, and known to Trimtab. */
    ObjectNode create(ObjectNode autoscaler) {
        ObjectNode stored = cluster.api.create(POD_AUTOSCALER, autoscaler);
        String name = stored.at("/metadata/name").asText();
        Eventually.holds(
                "Trimtab knows " + name,
                () -> known().autoscalers().find(namespace, name).isPresent());
        return stored;
    }

    public void delete(String name) {
        cluster.api.delete(POD_AUTOSCALER, namespace, name);
        Eventually.holds(
                "Trimtab knows that " + name + " is gone",
                () -> known().autoscalers().find(namespace, name).isEmpty());
    }

    /** In all namespaces: some checks look beyond their own. */
    void removeAll() {
        known().inOrder().forEach(it -> cluster.api.delete(POD_AUTOSCALER, it.namespace(), it.name()));
        Eventually.holds(
                "Trimtab knows of none", () -> known().inOrder().findAny().isEmpty());
    }

    ObjectNode get(String name) {
        return cluster.api.get(POD_AUTOSCALER, namespace, name);
    }

    ClusterView known() {
        return settings.get().autoscaling();
    }

    /** @param metadata besides name and namespace, as a YAML flow without its braces */
    void deployment(String name, String metadata, int gpus) {
        cluster.api.create(DEPLOYMENT, Api.yaml("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %s, namespace: %s, %s}
                spec:
                  selector: {matchLabels: {app: %s}}
                  template:
                    metadata: {labels: {app: %s}}
                    spec: {containers: [{name: main, image: "example/vllm:1", resources: {limits: {nvidia.com/gpu: "%d"}}}]}
                """.formatted(name, namespace, metadata, name, name, gpus)));
        Eventually.holds(
                "Trimtab knows " + name,
                () -> known().workloads().find(namespace, name).isPresent());
    }

    /** The messages of all Events of one with a reason, in the order in which they came. */
    public List<String> events(String name, String reason) {
        return cluster.api.list(EVENT, namespace).stream()
                .filter(it -> it.path("reason").asText().equals(reason)
                        && it.at("/involvedObject/name").asText().equals(name))
                .sorted(Comparator.comparing(
                        it -> it.at("/metadata/resourceVersion").asInt()))
                .map(it -> it.path("message").asText())
                .toList();
    }
}

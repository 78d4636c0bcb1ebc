package dev.trimtab.autoscalers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Policy.Aibrix;
import dev.trimtab.yaml.YamlStream;
import java.util.List;
import java.util.OptionalInt;

/** PodAutoscalers for tests. */
final class Autoscalers {
    private Autoscalers() {}

    /** One with nothing wrong in it. */
    static final String SOUND = """
            apiVersion: autoscaling.aibrix.ai/v1alpha1
            kind: PodAutoscaler
            metadata:
              name: llama
              namespace: ml
            spec:
              scalingStrategy: APA
              minReplicas: 1
              maxReplicas: 8
              metricsSources:
              - metricSourceType: pod
                protocolType: http
                port: "8000"
                path: metrics
                targetMetric: num_requests_waiting
                targetValue: "10"
              scaleTargetRef:
                apiVersion: apps/v1
                kind: Deployment
                name: llama
            """;

    static PodAutoscaler autoscaler(String yaml) {
        ObjectNode root = (ObjectNode) YamlStream.read(yaml).get(0).content();
        String namespace = new Manifest(root).namespace();
        return new PodAutoscaler(root, namespace.isEmpty() ? "default" : namespace);
    }

    static List<Problem> problems(String yaml, ClusterView cluster) {
        return problems(yaml, cluster, Aibrix.UNSET, OptionalInt.empty());
    }

    static List<Problem> problems(String yaml, ClusterView cluster, Aibrix policy, OptionalInt startup) {
        return Checks.find(new CheckInput(autoscaler(yaml), cluster, policy, startup));
    }
}

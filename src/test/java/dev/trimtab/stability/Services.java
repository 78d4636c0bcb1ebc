package dev.trimtab.stability;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.Revision;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.knative.config.ConfigMapProblem;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.snapshot.Revisions;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.yaml.YamlStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Services as people and KServe send them, and what policy and cluster may have become in between. */
final class Services {
    private Services() {}

    /** As somebody writes it. */
    static ObjectNode handWritten(String image, String... annotations) {
        return annotated(yaml("""
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata:
                  name: llm
                  namespace: ml-prod
                spec:
                  template:
                    spec:
                      timeoutSeconds: 120
                      containers:
                        - image: %s
                          resources:
                            limits:
                              cpu: 1
                              nvidia.com/gpu: 1
                """.formatted(image)), annotations);
    }

    /** As KServe renders it on each reconcile. */
    static ObjectNode rendered(String image, String... annotations) {
        return annotated(yaml("""
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata:
                  name: llm-predictor
                  namespace: ml-prod
                  labels:
                    component: predictor
                    serving.kserve.io/inferenceservice: llm
                spec:
                  template:
                    metadata:
                      annotations:
                        autoscaling.knative.dev/class: kpa.autoscaling.knative.dev
                      labels:
                        component: predictor
                        serving.kserve.io/inferenceservice: llm
                    spec:
                      containerConcurrency: 0
                      timeoutSeconds: 60
                      containers:
                        - name: kserve-container
                          image: %s
                          resources:
                            limits:
                              memory: 1024Mi
                              nvidia.com/gpu: "1"
                  traffic:
                    - latestRevision: true
                      percent: 100
                status: {}
                """.formatted(image)), annotations);
    }

    /** With template annotations, each {@code name=value} without the group. */
    static ObjectNode annotated(ObjectNode service, String... annotations) {
        for (String annotation : annotations) {
            String[] parts = annotation.split("=", 2);
            Pointers.set(
                    service,
                    KnativeService.annotation("autoscaling.knative.dev/" + parts[0]),
                    service.textNode(parts[1]));
        }
        return service;
    }

    /** @param resources of its first container, as JSON with single quotes */
    static ObjectNode withResources(ObjectNode service, String resources) {
        Pointers.set(service, KnativeService.CONTAINERS.appendIndex(0).appendProperty("resources"), yaml(resources));
        return service;
    }

    static Settings settings(String policy, Map<String, String> autoscaler) {
        try {
            KnativeConfig knative = KnativeConfig.DEFAULTS.withAutoscaler(AutoscalerConfig.parse(autoscaler));
            String text = "apiVersion: trimtab.dev/v1alpha1\nkind: Policy\n" + policy;
            return Settings.DEFAULTS
                    .withKnative(knative)
                    .withPolicy(PolicyLoader.load(text).policy().orElseThrow());
        } catch (ConfigMapProblem e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The default policy, and Knative with a {@code config-defaults}. */
    static Settings defaults(Map<String, String> data) {
        try {
            return Settings.DEFAULTS.withKnative(
                    KnativeConfig.DEFAULTS.withConfigMap(KnativeConfig.CONFIG_DEFAULTS, data));
        } catch (ConfigMapProblem e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Pods of the hand-written and of the rendered Service, each of one Revision that gets traffic. */
    static Revisions running(int pods) {
        Revisions revisions = Revisions.UNKNOWN;
        for (String service : List.of("llm", "llm-predictor")) {
            revisions = revisions.with(
                    "ml-prod", new Revision(service, service + "-00001", true, OptionalInt.of(pods), Optional.empty()));
        }
        return revisions;
    }

    static ObjectNode yaml(String text) {
        return (ObjectNode) YamlStream.read(text).get(0).content();
    }
}

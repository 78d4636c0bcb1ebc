package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.yaml.YamlStream;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What is read of a cluster on which all is well. A test breaks one thing of it. */
final class HealthyCluster {
    static final Places PLACES = new Places("trimtab", "knative-serving", "kserve");
    private static final ObjectMapper JSON = new ObjectMapper();

    final Map<Source, Fact> facts = new EnumMap<>(Source.class);
    private final Instant now;

    /**
     * @param ca in base64, as webhook configurations have it
     * @param served in base64, as a Secret has it
     */
    HealthyCluster(String ca, String served, Instant now) {
        this.now = now;
        put(Source.VERSION, "{gitVersion: v1.36.3}");
        put(Source.MUTATING, """
                {items: [{metadata: {name: inferenceservice.serving.kserve.io}, webhooks: [{
                    name: inferenceservice.kserve-webhook-server.defaulter,
                    rules: [{apiGroups: [serving.kserve.io], resources: [inferenceservices]}]}]},
                  {metadata: {name: mutating.odh-model-controller.opendatahub.io}, webhooks: [{
                    name: minferenceservice-v1beta1.odh-model-controller.opendatahub.io,
                    rules: [{apiGroups: [serving.kserve.io], resources: [inferenceservices]}]}]},
                  {metadata: {name: trimtab.dev, annotations: {"cert-manager.io/inject-ca-from": trimtab/trimtab-webhook}}},
                  {metadata: {name: vault-agent-injector-cfg}, webhooks: [{
                    name: vault.hashicorp.com, rules: [{apiGroups: [""], resources: [pods]}]}]},
                  {metadata: {name: webhook.serving.knative.dev}, webhooks: [{
                    name: webhook.serving.knative.dev,
                    rules: [{apiGroups: [serving.knative.dev], resources: [services]}]}]}]}""");
        put(Source.VALIDATING, "{items: [{metadata: {name: trimtab.dev}}]}");
        for (Source kind : List.of(Source.MUTATING, Source.VALIDATING)) {
            ArrayNode entries = trimtab(kind).putArray("webhooks");
            Shipped.ofJar().entries(kind).forEach(it -> entries.add(it.deepCopy()));
            entries.forEach(it -> ((ObjectNode) it.path("clientConfig")).put("caBundle", ca));
        }
        put(Source.NAMESPACES, """
                {items: [{metadata: {name: kube-system}}, {metadata: {name: trimtab}}, {metadata: {name: kserve}},
                  {metadata: {name: knative-serving}}, {metadata: {name: ml}},
                  {metadata: {name: quiet, labels: {trimtab.dev/ignore: "true"}}}]}""");
        put(Source.WEBHOOK, deployment("trimtab"));
        put(Source.CONTROLLER, deployment("trimtab-controller"));
        put(
                Source.PODS,
                "{items: [%s, %s, %s]}".formatted(pod("trimtab-a"), pod("trimtab-b"), pod("trimtab-controller-a")));
        put(Source.ENDPOINTS, """
                {items: [{endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}},
                  {addresses: [10.0.0.2], conditions: {ready: true}}]}]}""");
        put(
                Source.LEASE,
                "{spec: {holderIdentity: trimtab-controller-a, leaseDurationSeconds: 15, renewTime: '%s'}}"
                        .formatted(now.minusSeconds(3)));
        put(Source.POLICY, "{data: {policy.yaml: \"apiVersion: trimtab.dev/v1alpha1\\nkind: Policy\\n\"}}");
        put(Source.SECRET, "{data: {tls.crt: '%s'}}".formatted(served));
        put(
                Source.CERTIFICATES,
                "{items: [%s, %s]}".formatted(certificate("trimtab-ca", now), certificate("trimtab-webhook", now)));
        put(
                Source.KSERVE,
                "{items: [%s]}"
                        .formatted(
                                elsewhere("kserve", "kserve-controller-manager", "kserve/kserve-controller:v0.20.0")));
        put(
                Source.KNATIVE,
                "{items: [%s]}"
                        .formatted(elsewhere("knative-serving", "activator", "gcr.io/knative/activator@sha256:1")));
        put(
                Source.CERT_MANAGER,
                "{items: [%s]}"
                        .formatted(elsewhere(
                                "cert-manager", "cert-manager", "quay.io/jetstack/cert-manager-controller:v1.21.0")));
        put(Source.KNATIVE_CONFIG, "{metadata: {labels: {app.kubernetes.io/version: '1.23.0'}}}");
        String health = "{status: UP, checks: [{name: policy and cluster configuration read, data: {policy: loaded}}]}";
        put(
                Source.HEALTH,
                "{trimtab-a: %s, trimtab-b: %s, trimtab-controller-a: %s}".formatted(health, health, health));
        put(Source.LACKING, "[]");
        put(Source.SCAN, "{objects: 7, illegal: 0, unfilled: 0, differing: 1, formats: []}");
        facts.put(Source.WRITE, new Fact.Known(MissingNode.getInstance()));
    }

    private static String deployment(String name) {
        return """
                {metadata: {name: %s, namespace: trimtab}, spec: {replicas: 2, template: {spec: {
                   containers: [{image: "ghcr.io/trimtab/trimtab:0.1.0", env: [{name: TRIMTAB_KSERVE_NAMESPACE, value: kserve},
                     {name: TRIMTAB_KNATIVE_NAMESPACE, value: knative-serving}]}],
                   volumes: [{name: tls, secret: {secretName: trimtab-webhook-tls}}]}}}, status: {updatedReplicas: 2}}""".formatted(name);
    }

    private static String certificate(String name, Instant now) {
        return """
                {metadata: {name: %s, namespace: trimtab}, status: {notAfter: '%s',
                  conditions: [{type: Ready, status: "True", reason: Ready, message: Certificate is up to date}]}}""".formatted(name, now.plus(Duration.ofDays(60)));
    }

    private static String pod(String name) {
        return """
                {metadata: {name: %s, namespace: trimtab}, spec: {containers: [{image: "ghcr.io/trimtab/trimtab:0.1.0"}]},
                  status: {conditions: [{type: Ready, status: "True"}]}}""".formatted(name);
    }

    private static String elsewhere(String namespace, String name, String image) {
        return "{metadata: {name: %s, namespace: %s}, spec: {template: {spec: {containers: [{image: \"%s\"}]}}}}"
                .formatted(name, namespace, image);
    }

    /** @param yaml in one document */
    void put(Source source, String yaml) {
        facts.put(source, new Fact.Known(yaml(yaml)));
    }

    void remove(Source source) {
        facts.put(source, new Fact.Known(MissingNode.getInstance()));
    }

    JsonNode value(Source source) {
        return ((Fact.Known) facts.get(source)).value();
    }

    ObjectNode trimtab(Source kind) {
        for (JsonNode it : value(kind).path("items")) {
            if (Observed.name(it).equals("trimtab.dev")) {
                return (ObjectNode) it;
            }
        }
        throw new AssertionError("no configuration");
    }

    void entry(Source kind, String name, Consumer<ObjectNode> change) {
        for (JsonNode it : trimtab(kind).path("webhooks")) {
            if (it.path("name").asText().equals(name)) {
                change.accept((ObjectNode) it);
                return;
            }
        }
        throw new AssertionError("no entry " + name);
    }

    Observed observed() {
        return new Observed(PLACES, Shipped.ofJar(), now, facts);
    }

    static JsonNode yaml(String text) {
        return YamlStream.read(text).get(0).content();
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}

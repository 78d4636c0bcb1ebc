package dev.trimtab.knative.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.Corpus;
import dev.trimtab.knative.config.ConfigMapProblem;
import dev.trimtab.knative.config.DefaultsConfig;
import dev.trimtab.knative.config.FeaturesConfig;
import dev.trimtab.knative.config.KnativeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Verdicts that the recorded answers do not cover, from Knative's code; and documents that are none. */
class ServiceRulesTest {
    private static final String POD = "/spec/template/spec/";
    private static final String SERVICE = """
            {"metadata": {"name": "s", "annotations": {"a": "b"}},
             "spec": {
               "template": {
                 "metadata": {"name": "s-1", "annotations": {"autoscaling.knative.dev/min-scale": "1"}},
                 "spec": {
                   "timeoutSeconds": 10,
                   "volumes": [{"name": "v", "emptyDir": {}}],
                   "containers": [{
                     "name": "c", "image": "i",
                     "ports": [{"containerPort": 8080, "name": "h2c"}],
                     "env": [{"name": "E", "value": "1"}],
                     "envFrom": [{"secretRef": {"name": "x"}}],
                     "resources": {"limits": {"nvidia.com/gpu": 1}},
                     "securityContext": {"runAsUser": 1, "capabilities": {"drop": ["ALL"]}},
                     "volumeMounts": [{"name": "v", "mountPath": "/v"}],
                     "readinessProbe": {"httpGet": {"port": 8080}, "periodSeconds": 1},
                     "livenessProbe": {"exec": {"command": ["x"]}}}]}},
               "traffic": [{"percent": 100, "latestRevision": true}]}}
            """;

    @Test
    void theSampleIsAccepted() {
        ObjectNode service = Corpus.object(SERVICE);

        assertThat(ServiceRules.onCreate(service, KnativeConfig.DEFAULTS)).isEmpty();
        assertThat(ServiceRules.onUpdate(service, service, KnativeConfig.DEFAULTS))
                .isEmpty();
    }

    @Test
    @DisplayName("anything in the place of anything is judged, and throws nothing")
    void oddDocuments() {
        List<JsonPointer> places = new ArrayList<>();
        collect(Corpus.object(SERVICE), JsonPointer.empty(), places);
        assertThat(places).hasSizeGreaterThan(50);
        for (JsonPointer place : places) {
            for (String odd :
                    List.of("null", "1", "-1", "1.5", "true", "\"\"", "\"x\"", "[]", "[null]", "{}", "[[1]]")) {
                ObjectNode service = Corpus.object(SERVICE);
                replace(service, place, Corpus.object("{\"odd\": " + odd + "}").get("odd"));
                assertThatCode(() -> {
                            ServiceRules.onCreate(service, KnativeConfig.DEFAULTS);
                            ServiceRules.onUpdate(service, Corpus.object(SERVICE), KnativeConfig.DEFAULTS);
                            ServiceRules.onUpdate(Corpus.object(SERVICE), service, KnativeConfig.DEFAULTS);
                        })
                        .as("%s at %s", odd, place)
                        .doesNotThrowAnyException();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            containers | [] | missing field(s): P.containers
            containers | [{}] | missing field(s): P.containers[0]
            containers | {} | a map where a list belongs: P.containers
            timeoutSeconds | "10" | text where a whole number belongs: P.timeoutSeconds
            timeoutSeconds | -1 | expected 0 <= -1 <= 600: P.timeoutSeconds
            timeoutSeconds | 0 |
            timeoutSeconds | 600 |
            timeoutSeconds | 601 | expected 0 <= 601 <= 600: P.timeoutSeconds
            containerConcurrency | -1 | expected 0 <= -1 <= 1000: P.containerConcurrency
            containerConcurrency | 0 |
            containerConcurrency | 1000 |
            containerConcurrency | 1001 | expected 0 <= 1001 <= 1000: P.containerConcurrency
            affinity | {} | must not set the field(s): P.affinity
            nodeSelector | {} |
            hostNetwork | false |
            hostNetwork | true | must not set the field(s): P.hostNetwork
            securityContext | {"fsGroup": 1} | must not set the field(s): P.securityContext
            automountServiceAccountToken | false |
            automountServiceAccountToken | true | must not set the field(s): P.automountServiceAccountToken
            terminationGracePeriodSeconds | 5 |
            """)
    void podFields(String field, String value, String message) {
        assertThat(withPod(field, value)).isEqualTo(message(message));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            name | "queue-proxy" | "queue-proxy" is a reserved container name: C.name
            image | "" | missing field(s): C.image
            env | [{"name": "PORT"}] | "PORT" is a reserved environment variable: C.env[0].name
            env | [{"name": "A", "valueFrom": {"fieldRef": {}}}] | must not set the field(s): C.env[0].valueFrom.fieldRef
            ports | [{"containerPort": 8012}] | invalid value: 8012 is a reserved port: C.ports.containerPort#8012 is a reserved port, please use a different value
            ports | [{"containerPort": 65536}] | expected 0 <= 65536 <= 65535: C.ports.containerPort
            ports | [{"containerPort": 1, "name": "grpc"}] | Port name grpc is not allowed: C.ports#Name must be empty, or one of: 'h2c', 'http1'
            ports | [{"containerPort": 1}, {"containerPort": 2}] | more than one container port is set: P.containers[*].ports#Only a single port is allowed across all containers
            readinessProbe | {"httpGet": {"port": "http"}} | invalid value: http: C.readinessProbe.httpGet.port#Probe port must match container port
            readinessProbe | {"httpGet": {"port": "h2c"}} |
            readinessProbe | {"periodSeconds": -1} | expected 0 <= -1 <= 2147483647: C.readinessProbe.periodSeconds
            readinessProbe | {"periodSeconds": 1, "timeoutSeconds": -1} | expected 1 <= -1 <= 2147483647: C.readinessProbe.timeoutSeconds
            startupProbe | {} | expected exactly one, got neither: C.startupProbe.exec, C.startupProbe.grpc, C.startupProbe.httpGet, C.startupProbe.tcpSocket
            volumeMounts | [{"name": "v", "mountPath": "/dev/"}] | mountPath "/dev" is a reserved path: C.volumeMounts[0].mountPath
            volumeMounts | [{"name": "v", "mountPath": "v"}] | invalid value: v: C.volumeMounts[0].mountPath
            volumeMounts | [{"name": "v", "mountPath": "/v"}, {"name": "v", "mountPath": "/v/."}] | invalid value: "/v/." must be unique: C.volumeMounts[1].mountPath
            volumeMounts | [{"name": "v", "mountPath": "/v"}, {"name": "w", "mountPath": "/w"}] | volumeMount has no matching volume: C.volumeMounts[1].name
            volumeMounts | [] | volume with name "v" not mounted: P.volumes[0].name
            securityContext | {"privileged": true} | must not set the field(s): C.securityContext.privileged
            securityContext | {"privileged": false} |
            securityContext | {"capabilities": {"add": ["X"]}} | must not set the field(s): C.securityContext.capabilities.add
            terminationMessagePolicy | "x" | invalid value: x: C.terminationMessagePolicy
            """)
    void containerFields(String field, String value, String message) {
        ObjectNode service = Corpus.object(SERVICE);
        ((ObjectNode) service.at(POD + "containers/0")).set(field, odd(value));

        assertThat(text(service, KnativeConfig.DEFAULTS)).isEqualTo(message(message));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"name": "S"} | invalid value: "s-1" must have prefix "S-": T.name#not a DNS 1035 label: [L]: metadata.name
            {"generateName": "S-"} | must not set the field(s): T.name#not a DNS 1035 label prefix: [L]: metadata.generateName
            {"generateName": "s-"} | must not set the field(s): T.name
            {"generateName": "s-", "name": "s"} |
            {} | invalid value: "s-1" must have prefix "-": T.name#name or generateName is required: metadata.name
            {"name": "s", "labels": {"a": "b"}} |
            {"name": "s", "labels": {"a b": "b"}} | invalid label: [KEY]: metadata.labels.a b
            {"name": "s", "labels": {"a": "b c"}} | invalid label: [VALUE]: metadata.labels.a
            {"name": "s", "annotations": {"A/B": "anything goes"}} |
            {"name": "s", "annotations": {"a b": ""}} | invalid annotation: [KEY]: metadata.annotations.a b
            {"name": "s", "annotations": {"serving.knative.dev/rollout-duration": "0s"}} |
            {"name": "s", "annotations": {"serving.knative.dev/rollout-duration": "1500ms"}} | rollout-duration=1500ms is not at second precision: metadata.annotations.serving.knative.dev/rollout-duration
            {"name": "s", "annotations": {"serving.knative.dev/rollout-duration": "-1s"}} | rollout-duration=-1s must be positive: metadata.annotations.serving.knative.dev/rollout-duration
            """)
    void metadata(String metadata, String message) {
        ObjectNode service = Corpus.object(SERVICE);
        service.set("metadata", odd(metadata));

        assertThat(text(service, KnativeConfig.DEFAULTS)).isEqualTo(message(message));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {} |
            {"name": "s-1"} |
            {"name": "s-S"} | invalid value: not a DNS 1035 label: [L]: T.name
            {"name": "r-1"} | invalid value: "r-1" must have prefix "s-": T.name
            {"name": "s"} | invalid value: "s" must have prefix "s-": T.name
            {"generateName": "s-"} |
            {"generateName": "S-"} | invalid value: not a DNS 1035 label prefix: [L]: T.generateName
            {"annotations": {"Q/resource-percentage": "0.1"}} |
            {"annotations": {"Q/resource-percentage": "100"}} |
            {"annotations": {"Q/resource-percentage": "0.09"}} | expected 0.1 <= 0.09 <= 100: T.annotations.[Q/resource-percentage]
            {"annotations": {"Q/resourcePercentage": "100.5"}} | expected 0.1 <= 100.5 <= 100: T.annotations.[Q/resourcePercentage]
            {"annotations": {"Q/resource-percentage": "half"}} | invalid value: half: T.annotations.[Q/resource-percentage]
            {"annotations": {"Q/memory-resource-limit": "1Gi"}} |
            {"annotations": {"networking.knative.dev/ingress-class": "x"}} |
            {"annotations": {"networking.knative.dev/visibility": "x"}} | invalid key name "networking.knative.dev/visibility": T.annotations
            {"annotations": {"serving.knative.dev/progress-deadline": "1.5s"}} | progress-deadline=1.5s is not at second precision: T.annotations.serving.knative.dev/progress-deadline
            """)
    void templateMetadata(String metadata, String message) {
        ObjectNode service = Corpus.object(SERVICE);
        ((ObjectNode) service.at("/spec/template"))
                .set("metadata", odd(metadata.replace("Q/", "queue.sidecar.serving.knative.dev/")));

        assertThat(text(service, KnativeConfig.DEFAULTS)).isEqualTo(message(message));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [] |
            [{"percent": 100}] |
            [{"percent": 100, "latestRevision": true}] |
            [{"percent": 100, "latestRevision": false, "revisionName": "s-1"}] |
            [{"percent": 100, "latestRevision": true, "revisionName": "s-1"}] | may not set revisionName "s-1" when latestRevision is true: R[0].latestRevision
            [{"percent": 100, "latestRevision": false}] | may not set revisionName "" when latestRevision is false: R[0].latestRevision
            [{"percent": 100, "configurationName": "c"}] | must not set the field(s): R[0].configurationName
            [{"percent": 100, "revisionName": "s 1"}] | invalid key name "s 1": R[0].revisionName#[KEY]
            [{"percent": 99}] | Traffic targets sum to 99, want 100: R
            [{"percent": 60}, {"percent": 40, "tag": "a"}] |
            [{"percent": 101}, {"percent": -1}] | expected 0 <= -1 <= 100: R[1].percent#expected 0 <= 101 <= 100: R[0].percent
            [{"percent": 60, "tag": "a"}, {"percent": 40, "tag": "a"}] | Multiple definitions for "a": R[0].tag, R[1].tag
            [{"percent": 100, "tag": "A"}] | invalid value: not a DNS 1035 label: [L]: R[0].tag
            [{"percent": 100, "url": "http://x"}] | must not set the field(s): R[0].url
            """)
    void traffic(String traffic, String message) {
        ObjectNode service = Corpus.object(SERVICE);
        ((ObjectNode) service.path("spec")).set("traffic", odd(traffic));

        assertThat(text(service, KnativeConfig.DEFAULTS)).isEqualTo(message(message));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"secret": {"name": "x"}} |
            {"secret": {}} | missing field(s): S.secret.name
            {"secret": {"name": "x", "items": [{"key": "k", "path": "p"}]}} |
            {"secret": {"name": "x", "items": [{"path": "p"}]}} | missing field(s): S.secret.items[0].key
            {"configMap": {"name": "x", "items": [{"key": "k", "path": "p"}, {"key": "k"}]}} | missing field(s): S.configMap.items[1].path
            {"serviceAccountToken": {"path": "p"}} |
            {"serviceAccountToken": {}} | missing field(s): S.serviceAccountToken.path
            {"downwardAPI": {"items": [{"path": "p"}]}} |
            {"downwardAPI": {"items": [{}]}} | missing field(s): S.downwardAPI.items[0].path
            {} | expected exactly one, got neither: S.configMap, S.downwardAPI, S.secret, S.serviceAccountToken
            {"secret": {"name": "x"}, "configMap": {"name": "x"}} | expected exactly one, got both: S.configMap, S.secret
            """)
    void projectedVolumes(String source, String message) {
        ObjectNode service = Corpus.object(SERVICE);
        replace(
                service,
                JsonPointer.compile(POD + "volumes/0"),
                odd("{\"name\": \"v\", \"projected\": {\"sources\": [" + source + "]}}"));

        assertThat(text(service, KnativeConfig.DEFAULTS)).isEqualTo(message(message));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            env | [{"name": "E"}, {"name": "F"}, {"name": "E"}] | duplicate name "E": C.env[2]
            volumeMounts | [{"name": "v", "mountPath": "/v"}, {"name": "v", "mountPath": "/v"}] | duplicate mountPath "/v": C.volumeMounts[1]#invalid value: "/v" must be unique: C.volumeMounts[1].mountPath
            """)
    @DisplayName("what the API server refuses before Knative is asked")
    void duplicates(String list, String elements, String message) {
        ObjectNode service = Corpus.object(SERVICE);
        ((ObjectNode) service.at(POD + "containers/0")).set(list, odd(elements));

        assertThat(text(service, KnativeConfig.DEFAULTS)).isEqualTo(message(message));
    }

    @Test
    void duplicateNames() {
        assertThat(withPod("imagePullSecrets", "[{\"name\": \"a\"}, {\"name\": \"a\"}, {}, {}]"))
                .contains("duplicate name \"a\": ", "imagePullSecrets[1]")
                .doesNotContain("[3]");
        assertThat(
                        withPod(
                                "containers",
                                "[{\"name\": \"a\", \"image\": \"i\", \"ports\": [{\"containerPort\": 1}]}, {\"name\": \"a\", \"image\": \"i\"}]"))
                .isEqualTo("duplicate container name \"a\": spec.template.spec.containers[1].name");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"a": 0} | {} | true
            {"a": false} | {} | true
            {"a": ""} | {} | true
            {"a": null} | {} | true
            {"a": []} | {} | true
            {"a": true} | {} | false
            {"a": 1} | {} | false
            {"timeoutSeconds": 0} | {} | false
            {"emptyDir": {}} | {} | false
            {"protocol": "TCP"} | {} | true
            {"protocol": "UDP"} | {} | false
            {"scheme": "TCP"} | {} | false
            {"annotations": {"a": ""}} | {"annotations": {}} | false
            {"limits": {"gpu": 1}} | {"limits": {"gpu": "1"}} | true
            {"limits": {"gpu": 0}} | {"limits": {}} | false
            """)
    @DisplayName("equal as Go structs: zero values are absent but where the field is a pointer")
    void same(String one, String other, boolean same) {
        assertThat(ServiceRules.isSame(odd(one), odd(other))).isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            spec.template.spec.containers[0].image | /spec/template/spec/containers/0/image
            spec.template.spec.containers[0].command | /spec/template/spec/containers/0
            spec.template.spec.containers[1].image | /spec/template/spec/containers
            spec.template.spec.containers[*].ports | /spec/template/spec/containers
            spec.template.metadata.annotations.[autoscaling.knative.dev/min-scale] | /spec/template/metadata/annotations/autoscaling.knative.dev~1min-scale
            metadata.annotations.serving.knative.dev/creator | /metadata/annotations
            status.x | ''
            """)
    @DisplayName("the deepest place of a path that a document has; dots in keys are no steps")
    void deepest(String path, String place) {
        assertThat(FieldProblem.KnativePath.deepest(Corpus.object(SERVICE), path))
                .hasToString(place);
    }

    @Test
    @DisplayName("of a second container: no probes, and a flag for having one at all")
    void secondContainer() {
        ObjectNode service = Corpus.object(SERVICE);
        ((ArrayNode) service.at(POD + "containers"))
                .add(odd("{\"name\": \"d\", \"image\": \"i\", \"livenessProbe\": {\"httpGet\": {}}}"));
        FeaturesConfig single = FeaturesConfig.parse(Map.of(FeaturesConfig.MULTI_CONTAINER, "allowed"));
        FeaturesConfig probing = FeaturesConfig.parse(Map.of(FeaturesConfig.MULTI_CONTAINER_PROBING, "enabled"));

        assertThat(text(service, KnativeConfig.DEFAULTS))
                .isEqualTo(message("must not set the field(s): P.containers[1].livenessProbe.httpGet"));
        assertThat(text(service, KnativeConfig.DEFAULTS.withFeatures(single)))
                .isEqualTo("multi-container is off, but found 2 containers: ");
        assertThat(text(service, KnativeConfig.DEFAULTS.withFeatures(probing)))
                .startsWith(message("invalid value: 0: P.containers[1].livenessProbe.httpGet.port"));
    }

    @Test
    void initContainers() {
        String init = "[{\"name\": \"d\", \"image\": \"i\", \"readinessProbe\": {}}]";
        ObjectNode service = Corpus.object(SERVICE);
        ((ObjectNode) service.at("/spec/template/spec")).set("initContainers", odd(init));
        FeaturesConfig enabled = FeaturesConfig.parse(Map.of(FeaturesConfig.INIT_CONTAINERS, "enabled"));

        assertThat(text(service, KnativeConfig.DEFAULTS).lines())
                .containsExactly(
                        message("must not set the field(s): P.initContainers"),
                        "pod spec support for init-containers is off, but found 1 init containers: ");
        assertThat(text(service, KnativeConfig.DEFAULTS.withFeatures(enabled)))
                .isEqualTo(message("field not allowed in an init container: P.containers[0].readinessProbe"));
    }

    @Test
    @DisplayName("a claim that is written to needs a flag of its own, and an allowed claim is still none")
    void claims() {
        ObjectNode written = Corpus.object(SERVICE);
        replace(
                written,
                JsonPointer.compile(POD + "volumes/0"),
                odd("{\"name\": \"v\", \"persistentVolumeClaim\": {\"claimName\": \"c\"}}"));
        FeaturesConfig allowed = FeaturesConfig.parse(Map.of(FeaturesConfig.PERSISTENT_VOLUME_CLAIM, "allowed"));

        assertThat(text(written, KnativeConfig.DEFAULTS.withFeatures(allowed)).lines())
                .containsExactly(
                        "Persistent volume claim support is disabled, but found persistent volume claim c: ",
                        "Persistent volume write support is disabled, but found persistent volume claim c that is not"
                                + " read-only: ");
    }

    @Test
    void concurrencyOfZeroWhereTheClusterForbidsIt() throws ConfigMapProblem {
        DefaultsConfig defaults = DefaultsConfig.parse(Map.of("allow-container-concurrency-zero", "false"));

        assertThat(text(Corpus.object(SERVICE), KnativeConfig.DEFAULTS.withDefaults(defaults)))
                .isEqualTo(message("expected 1 <= 0 <= 1000: P.containerConcurrency"));
    }

    @Test
    @DisplayName("the sidecar's resources are quantities; Knative puts a dot before the bracket")
    void sidecarResources() {
        ObjectNode service = Corpus.object(SERVICE);
        String key = "queue.sidecar.serving.knative.dev/cpu-resource-request";
        ((ObjectNode) service.at("/spec/template/metadata/annotations")).put(key, "50mx");

        assertThat(text(service, KnativeConfig.DEFAULTS))
                .isEqualTo("invalid value: 50mx: spec.template.metadata.annotations.[" + key + "]");
    }

    @Test
    @DisplayName("the same revision name: other spellings of the same template are no change, a new annotation is")
    void revisionName() {
        ObjectNode old = Corpus.object(SERVICE);
        ObjectNode service = Corpus.object(SERVICE);
        replace(service, JsonPointer.compile(POD + "containers/0/resources/limits/nvidia.com~1gpu"), odd("\"1\""));
        ((ObjectNode) service.at(POD + "containers/0/ports/0")).put("protocol", "TCP");
        ((ObjectNode) service.at("/spec/template/metadata")).putNull("creationTimestamp");
        assertThat(ServiceRules.onUpdate(service, old, KnativeConfig.DEFAULTS)).isEmpty();

        ((ObjectNode) service.at("/spec/template/metadata/annotations")).put("a", "");
        assertThat(ServiceRules.onUpdate(service, old, KnativeConfig.DEFAULTS))
                .containsExactly("Saw the following changes without a name change (-old +new):"
                        + " spec.template.metadata.name");
        ((ObjectNode) service.at("/spec/template/metadata")).put("name", "s-2");
        assertThat(ServiceRules.onUpdate(service, old, KnativeConfig.DEFAULTS)).isEmpty();
    }

    @Test
    void creatorAndModifier() {
        ObjectNode old = Corpus.object(SERVICE);
        ((ObjectNode) old.at("/metadata/annotations"))
                .put(MetadataRules.CREATOR, "me")
                .put(MetadataRules.LAST_MODIFIER, "me");
        ObjectNode service = old.deepCopy();
        ((ObjectNode) service.at("/metadata/annotations"))
                .put(MetadataRules.CREATOR, "you")
                .put(MetadataRules.LAST_MODIFIER, "you");

        assertThat(ServiceRules.onUpdate(service, old, KnativeConfig.DEFAULTS))
                .containsExactly(
                        "annotation value is immutable: metadata.annotations.serving.knative.dev/creator",
                        "invalid value: you: metadata.annotations.serving.knative.dev/lastModifier");
    }

    private static String withPod(String field, String value) {
        ObjectNode service = Corpus.object(SERVICE);
        ObjectNode pod = (ObjectNode) service.at("/spec/template/spec");
        if (field.equals("containers")) {
            pod.remove("volumes");
        }
        pod.set(field, odd(value));
        return text(service, KnativeConfig.DEFAULTS);
    }

    private static String text(ObjectNode service, KnativeConfig config) {
        return String.join("\n", ServiceRules.onCreate(service, config));
    }

    private static String message(String shortened) {
        return shortened == null
                ? ""
                : shortened
                        .replaceAll("\\bP\\.", "spec.template.spec.")
                        .replaceAll("\\bC\\.", "spec.template.spec.containers[0].")
                        .replaceAll("\\bT\\.", "spec.template.metadata.")
                        .replaceAll("\\bQ/", "queue.sidecar.serving.knative.dev/")
                        .replaceAll("\\bR\\b", "spec.traffic")
                        .replaceAll("\\bS\\.", "spec.template.spec.volumes[0].projected[0].")
                        .replace("[KEY]", QualifiedName.objection("a b").orElseThrow())
                        .replace(
                                "[VALUE]", QualifiedName.objectionToValue("b c").orElseThrow())
                        .replace("[L]", DnsLabel.objection("S").orElseThrow())
                        .replace('#', '\n');
    }

    private static JsonNode odd(String json) {
        return Corpus.object("{\"odd\": " + json + "}").get("odd");
    }

    private static void collect(JsonNode node, JsonPointer at, List<JsonPointer> places) {
        node.properties().forEach(entry -> {
            JsonPointer place = at.appendProperty(entry.getKey());
            places.add(place);
            collect(entry.getValue(), place, places);
        });
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            places.add(at.appendIndex(i));
            collect(node.get(i), at.appendIndex(i), places);
        }
    }

    private static void replace(ObjectNode document, JsonPointer place, JsonNode value) {
        JsonNode parent = document.at(place.head());
        if (parent instanceof ObjectNode map) {
            map.set(place.last().getMatchingProperty(), value);
        } else {
            ((ArrayNode) parent).set(place.last().getMatchingIndex(), value);
        }
    }
}

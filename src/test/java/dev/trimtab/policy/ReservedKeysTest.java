package dev.trimtab.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.knative.validation.ServiceRules;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.policy.Names.Reserved;
import dev.trimtab.yaml.YamlStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A profile's annotation gets on every template that the profile matches: Knative must accept it there. */
class ReservedKeysTest {
    private static final List<String> DOMAINS = List.of(
            "autoscaling.knative.dev",
            "networking.knative.dev",
            "serving.knative.dev",
            "queue.sidecar.serving.knative.dev",
            "features.knative.dev",
            "client.knative.dev");
    private static final List<String> NAMES = List.of(
            "x",
            "progress-deadline",
            "rollout-duration",
            "resource-percentage",
            "resourcePercentage",
            "cpu-resource-request",
            "memory-resource-limit",
            "ephemeral-storage-resource-limit",
            "ingress-class");

    static Stream<String> keys() {
        Stream<String> made = DOMAINS.stream().flatMap(domain -> Stream.of(
                        domain + "/", domain + ".example/", domain + "elopment/", "x." + domain + "/")
                .flatMap(prefix -> NAMES.stream().map(prefix::concat)));
        Stream<String> bare = DOMAINS.stream().flatMap(domain -> Stream.of(domain, domain + ".x"));
        Stream<String> scale = Arrays.stream(ScaleAnnotation.values()).flatMap(it -> it.spellings().stream());
        return Stream.of(made, bare, scale).flatMap(it -> it);
    }

    @ParameterizedTest
    @MethodSource("keys")
    @DisplayName("an annotation that a profile may have, Knative accepts with any value")
    void accepted(String key) {
        if (Reserved.annotationFlaw(key).isEmpty()) {
            ObjectNode service =
                    (ObjectNode) YamlStream.read("""
                            apiVersion: serving.knative.dev/v1
                            kind: Service
                            metadata: {name: llm}
                            spec:
                              template:
                                metadata: {annotations: {"%s": "50mx"}}
                                spec: {containers: [{image: x}]}
                            """.formatted(key)).get(0).content();
            assertThat(ServiceRules.onCreate(service, KnativeConfig.DEFAULTS)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "queue.sidecar.serving.knative.dev/resource-percentage",
                "networking.knative.dev.example/x",
                "networking.knative.dev",
                "autoscaling.knative.dev.example/x",
                "internal.serving.kserve.io/storage-initializer-sourceuri"
            })
    @DisplayName("keys that another component reads are for no profile, as annotation or as label")
    void reserved(String key) {
        assertThat(Reserved.annotationFlaw(key)).isPresent();
        assertThat(Reserved.labelFlaw(key)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"example.com/networking.knative.dev", "k8s.aliyun.com/eci", "trimtab.development/x", "team"})
    @DisplayName("other keys are free")
    void free(String key) {
        assertThat(Reserved.annotationFlaw(key)).isEmpty();
        assertThat(Reserved.labelFlaw(key)).isEmpty();
    }
}

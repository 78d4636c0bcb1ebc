package dev.trimtab.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.ConfigMapProblem;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.rules.Legality.Illegal;
import dev.trimtab.yaml.YamlStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is stored, and the nearest value that a ConfigMap of later still allows. */
class LegalityTest {
    @ParameterizedTest(name = "{0} with {1}: {2}")
    @CsvSource(nullValues = "-", textBlock = """
            timeoutSeconds: 600,         max-revision-timeout-seconds=600,                                 -
            timeoutSeconds: 601,         max-revision-timeout-seconds=600,                                 timeout=600
            timeoutSeconds: "601",       max-revision-timeout-seconds=600,                                 -
            containerConcurrency: 8,     container-concurrency-max-limit=8,                                -
            containerConcurrency: 9,     container-concurrency-max-limit=8,                                concurrency=8
            containerConcurrency: 0,     container-concurrency-max-limit=8,                                -
            containerConcurrency: 1,     allow-container-concurrency-zero=false container-concurrency=5,   -
            containerConcurrency: 0,     allow-container-concurrency-zero=false container-concurrency=5,   concurrency=5
            containerConcurrency: 0,     allow-container-concurrency-zero=false container-concurrency=1,   concurrency=1
            containerConcurrency: "0",   allow-container-concurrency-zero=false container-concurrency=5,   -
            """)
    void podSpec(String stored, String defaults, String nearest) throws ConfigMapProblem {
        ObjectNode service = service("{}", stored);

        assertThat(nearest(Legality.of(service, knative(KnativeConfig.CONFIG_DEFAULTS, defaults))))
                .isEqualTo(nearest == null ? "" : nearest);
    }

    @ParameterizedTest(name = "{0} with {1}: {2}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            K/max-scale: "5"                    | max-scale=5 max-scale-limit=5 | -
            K/max-scale: "6"                    | max-scale=5 max-scale-limit=5 | max-scale=5
            K/max-scale: "0"                    | max-scale=5 max-scale-limit=5 | max-scale=5
            K/max-scale: "0"                    | max-scale-limit=0             | -
            K/max-scale: "6", K/min-scale: "6"  | max-scale=5 max-scale-limit=5 | max-scale=
            K/initial-scale: "0"                | allow-zero-initial-scale=true | -
            K/initial-scale: "0"                | max-scale-limit=0             | initial-scale=1
            K/initial-scale: "1"                | max-scale-limit=0             | -
            K/initial-scale: "none"             | max-scale-limit=0             | -
            """)
    void scale(String stored, String autoscaler, String nearest) throws ConfigMapProblem {
        ObjectNode service = service("{" + stored + "}", "timeoutSeconds: 1");

        assertThat(nearest(Legality.of(service, knative(KnativeConfig.CONFIG_AUTOSCALER, autoscaler))))
                .isEqualTo(nearest == null ? "" : nearest);
    }

    @ParameterizedTest(name = "initial-scale {0} under max-scale {1}: {2}")
    @CsvSource(nullValues = "-", textBlock = """
            7, 5, 5
            6, 5, 5
            5, 5, -
            1, 5, -
            0, 5, -
            """)
    @DisplayName("with a max-scale that moves, an initial-scale above it moves")
    void movesAlong(String initial, int limit, String moved) throws ConfigMapProblem {
        ObjectNode service = service("{K/max-scale: \"9\", K/initial-scale: \"" + initial + "\"}", "timeoutSeconds: 1");
        KnativeConfig cluster = knative(
                KnativeConfig.CONFIG_AUTOSCALER,
                "allow-zero-initial-scale=true max-scale=%1$d max-scale-limit=%1$d".formatted(limit));

        Optional<String> found = Legality.movesAlong(service, Legality.of(service, cluster))
                .map(it -> it.getValue().nearest().asText());

        assertThat(found).isEqualTo(Optional.ofNullable(moved));
    }

    @Test
    @DisplayName("alone, an initial-scale does not move, and never to nothing")
    void movesNotAlone() {
        ObjectNode service = service("{K/initial-scale: \"9\"}", "timeoutSeconds: 1");

        assertThat(Legality.movesAlong(service, Map.of())).isEmpty();
    }

    @Test
    @DisplayName("Knative never sees a Deployment")
    void deployment() throws ConfigMapProblem {
        ObjectNode deployment = service("{K/max-scale: \"9\"}", "timeoutSeconds: 999")
                .put("apiVersion", "apps/v1")
                .put("kind", "Deployment");
        deployment.withObject("/metadata/labels").put(KnativeService.INFERENCE_SERVICE_LABEL, "s");

        assertThat(Legality.of(deployment, knative(KnativeConfig.CONFIG_AUTOSCALER, "max-scale=5 max-scale-limit=5")))
                .isEmpty();
    }

    /** {@code rule=nearest}, in order; a value that is left out has none. */
    private static String nearest(Map<JsonPointer, Illegal> illegal) {
        return illegal.values().stream()
                .map(it -> it.rule() + "=" + it.nearest().asText())
                .collect(Collectors.joining(" "));
    }

    private static KnativeConfig knative(String configMap, String data) throws ConfigMapProblem {
        Map<String, String> values = new LinkedHashMap<>();
        Arrays.stream(data.split(" ")).map(it -> it.split("=")).forEach(it -> values.put(it[0], it[1]));
        return KnativeConfig.DEFAULTS.withConfigMap(configMap, values);
    }

    private static ObjectNode service(String annotations, String podSpec) {
        return (ObjectNode)
                YamlStream.read("""
                        apiVersion: serving.knative.dev/v1
                        kind: Service
                        metadata: {name: s}
                        spec:
                          template:
                            metadata: {annotations: %s}
                            spec: {%s, containers: [{image: i}]}
                        """.formatted(annotations.replace("K/", "autoscaling.knative.dev/"), podSpec))
                        .get(0)
                        .content();
    }
}

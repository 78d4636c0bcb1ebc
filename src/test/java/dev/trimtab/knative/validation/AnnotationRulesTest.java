package dev.trimtab.knative.validation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.knative.config.AutoscalerConfigTest;
import dev.trimtab.knative.config.ConfigMapProblem;
import dev.trimtab.manifest.ScaleAnnotation;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Knative's own TestValidateAnnotations. "A/" stands for "autoscaling.knative.dev/". */
class AnnotationRulesTest {
    private static final String GROUP = "autoscaling.knative.dev/";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            class=some.other.domain |
            min-scale=0 |
            max-scale=0 |
            min-scale=5 |
            max-scale=2 |
            min-scale=2;max-scale=5 |
            min-scale=0;max-scale=0 |
            max-scale=9 | max-scale=5;max-scale-limit=10
            max-scale=10 | max-scale=5;max-scale-limit=10
            min-scale=12 | max-scale=5;max-scale-limit=10
            min-scale=1;activation-scale=2;max-scale=3 |
            activation-scale=2;max-scale=0 |
            class=kpa.autoscaling.knative.dev;metric-aggregation-algorithm=linear |
            class=kpa.autoscaling.knative.dev;metric-aggregation-algorithm= |
            class=of-keys;metric-aggregation-algorithm=random |
            metric-aggregation-algorithm=random |
            panic-threshold-percentage=210 |
            panic-threshold-percentage=NaN |
            target=11 |
            target=0.01 |
            target=Inf |
            target-burst-capacity=0 |
            target-burst-capacity=19870709 |
            target-burst-capacity=-1 |
            window=7s |
            class=test;window=7s |
            window=1h |
            scale-to-zero-pod-retention-period=0 |
            scale-to-zero-pod-retention-period=21m31s |
            scale-to-zero-pod-retention-period=1.5s |
            scale-down-delay=0 |
            scale-down-delay=1h |
            panic-threshold-percentage=125;panic-window-percentage=75;min-scale=5;max-scale=8;window=1984s |
            metric=rps |
            metric=concurrency |
            class=hpa.autoscaling.knative.dev;metric=cpu |
            class=other;metric=rps |
            metric=cpu | pod-autoscaler-class=hpa.autoscaling.knative.dev
            metric=any | pod-autoscaler-class=my.own
            initial-scale=0 | allow-zero-initial-scale=true
            initial-scale=2 |
            initial-scale=3000000000 |
            initial-scale=9;max-scale=2 |
            min-scale=+5 |
            max-scale=4;maxScale=x |
            foo=bar |
            target-utilization-percentage=1e2 |
            """)
    void accepted(String annotations, String config) throws ConfigMapProblem {
        assertThat(text(annotations, config)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            class=unsupported.knative.dev | invalid value: unsupported.knative.dev: A/class
            min-scale=-1 | expected 0 <= -1 <= 2147483647: A/min-scale
            max-scale=-1 | expected 0 <= -1 <= 2147483647: A/max-scale
            max-scale=2147483648 | expected 0 <= 2147483648 <= 2147483647: A/max-scale
            min-scale=foo | invalid value: foo: A/min-scale
            maxScale=bar | invalid value: bar: A/maxScale
            min-scale=bar;max-scale=bar | invalid value: bar: A/max-scale, A/min-scale
            min-scale=5;max-scale=2 | max-scale=2 is less than min-scale=5: A/max-scale, A/min-scale
            minScale=5;maxScale=2 | max-scale=2 is less than min-scale=5: A/max-scale, A/min-scale
            min-scale=3;activation-scale=2 | min-scale=3 is greater than activation-scale=2: A/activation-scale
            max-scale=1;activation-scale=2 | max-scale=1 is less than activation-scale=2: A/activation-scale
            activation-scale=1 | activation-scale=1 must be greater than 1: A/activation-scale
            activation-scale=x | invalid value: x: A/activation-scale
            class=kpa.autoscaling.knative.dev;metric-aggregation-algorithm=random-selection | invalid value: random-selection: A/metric-aggregation-algorithm
            panic-window-percentage=-1 | expected 1 <= -1 <= 100: A/panic-window-percentage
            panic-window-percentage=202 | expected 1 <= 202 <= 100: A/panic-window-percentage
            panic-window-percentage=fifty | invalid value: fifty: A/panic-window-percentage
            panic-threshold-percentage=109 | expected 110 <= 109 <= 1000: A/panic-threshold-percentage
            panicThresholdPercentage=10009 | expected 110 <= 10009 <= 1000: A/panicThresholdPercentage
            panic-threshold-percentage=fifty | invalid value: fifty: A/panic-threshold-percentage
            target=-11 | target -11 should be at least 0.01: A/target
            target=0 | target 0 should be at least 0.01: A/target
            target=100} | invalid value: 100}: A/target
            target-burst-capacity=-11 | invalid value: -11: A/target-burst-capacity
            target-burst-capacity=qarashen | invalid value: qarashen: A/target-burst-capacity
            target-utilization-percentage=0 | expected 1 <= 0 <= 100: A/target-utilization-percentage
            target-utilization-percentage=101 | expected 1 <= 101 <= 100: A/target-utilization-percentage
            target-utilization-percentage=dghyak | invalid value: dghyak: A/target-utilization-percentage
            window=jerry-was-a-racecar-driver | invalid value: jerry-was-a-racecar-driver: A/window
            window=1s | expected 6s <= 1s <= 1h0m0s: A/window
            window=365h | expected 6s <= 365h <= 1h0m0s: A/window
            window=1m9s82ms | must be specified with at most second precision: A/window
            scale-to-zero-pod-retention-period=311m | expected 0s <= 311m <= 1h0m0s: A/scale-to-zero-pod-retention-period
            scale-to-zero-pod-retention-period=-42s | expected 0s <= -42s <= 1h0m0s: A/scale-to-zero-pod-retention-period
            scale-to-zero-pod-retention-period=words | invalid value: words: A/scale-to-zero-pod-retention-period
            scale-down-delay=311m | expected 0s <= 311m <= 1h0m0s: A/scale-down-delay
            scale-down-delay=42.5s | must be specified with at most second precision: A/scale-down-delay
            scale-down-delay=-42s | expected 0s <= -42s <= 1h0m0s: A/scale-down-delay
            scale-down-delay=words | invalid value: words: A/scale-down-delay
            metric=cpu | invalid value: cpu: A/metric
            class=hpa.autoscaling.knative.dev;metric= | 'invalid value: : A/metric'
            initial-scale=0 | invalid value: 0: A/initial-scale=0 not allowed by cluster
            initial-scale=-1 | invalid value: -1: A/initial-scale must be greater than 0
            initialScale=invalid | invalid value: invalid: A/initialScale
            """)
    void refused(String annotations, String message) throws ConfigMapProblem {
        assertThat(text(annotations, null)).isEqualTo(message.replace("A/", GROUP));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            max-scale=11 | 5 | expected 1 <= 11 <= 10: A/max-scale
            max-scale=20 | 10 | expected 1 <= 20 <= 10: A/max-scale
            max-scale=0 | 1 | max-scale=0 (unlimited), must be less than 10: A/max-scale
            """)
    void refusedByTheLimit(String annotations, String most, String message) throws ConfigMapProblem {
        assertThat(text(annotations, "max-scale-limit=10;max-scale=" + most)).isEqualTo(message.replace("A/", GROUP));
    }

    @Test
    @DisplayName("several problems are sorted by their messages")
    void sorted() throws ConfigMapProblem {
        String annotations = "panic-threshold-percentage=fifty;window=-11;min-scale=-4;max-scale=never";

        assertThat(text(annotations, null).replace(GROUP, "A/").lines())
                .containsExactly(
                        "expected 0 <= -4 <= 2147483647: A/min-scale",
                        "invalid value: -11: A/window",
                        "invalid value: fifty: A/panic-threshold-percentage",
                        "invalid value: never: A/max-scale");
    }

    @Test
    @DisplayName("under a limit, a max-scale that is no number is told both")
    void noNumberUnderALimit() throws ConfigMapProblem {
        assertThat(text("max-scale=x", "max-scale-limit=10;max-scale=1")
                        .replace(GROUP, "A/")
                        .lines())
                .containsExactly(
                        "invalid value: x: A/max-scale", "max-scale=0 (unlimited), must be less than 10: A/max-scale");
    }

    @Test
    void oddDocuments() {
        AutoscalerConfig config = AutoscalerConfig.DEFAULTS;
        ObjectNode numbers = JsonNodeFactory.instance.objectNode();
        numbers.put(ScaleAnnotation.MIN_SCALE.key(), 5);
        ObjectNode nothing = JsonNodeFactory.instance.objectNode();
        nothing.putNull(ScaleAnnotation.MIN_SCALE.key());
        JsonNode list = JsonNodeFactory.instance.arrayNode().add("x");

        assertThat(AnnotationRules.check(null, config)).isEmpty();
        assertThat(AnnotationRules.check(JsonNodeFactory.instance.nullNode(), config))
                .isEmpty();
        assertThat(FieldProblem.text(AnnotationRules.check(numbers, config)))
                .isEqualTo("a number where text belongs: autoscaling.knative.dev/min-scale");
        assertThat(FieldProblem.text(AnnotationRules.check(nothing, config)))
                .isEqualTo("invalid value: : autoscaling.knative.dev/min-scale");
        assertThat(AnnotationRules.check(list, config)).hasSize(1);
    }

    private static String text(String annotations, String config) throws ConfigMapProblem {
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        AutoscalerConfigTest.data(annotations).forEach((key, value) -> map.put(GROUP + key, value));
        AutoscalerConfig autoscaler =
                config == null ? AutoscalerConfig.DEFAULTS : AutoscalerConfig.parse(AutoscalerConfigTest.data(config));
        return FieldProblem.text(AnnotationRules.check(map, autoscaler));
    }
}

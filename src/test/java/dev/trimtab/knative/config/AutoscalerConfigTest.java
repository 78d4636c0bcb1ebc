package dev.trimtab.knative.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Knative's own TestNewConfig, and the edges of it. */
public class AutoscalerConfigTest {
    @Test
    @DisplayName("nothing, only _example, and obsolete keys give Knative's defaults")
    void defaults() throws ConfigMapProblem {
        Map<String, String> unread = Map.of("_example", "max-scale: x", "tick-interval", "2s", "panic-window", "x");

        assertThat(AutoscalerConfig.parse(Map.of())).isEqualTo(AutoscalerConfig.DEFAULTS);
        assertThat(AutoscalerConfig.parse(unread)).isEqualTo(AutoscalerConfig.DEFAULTS);
    }

    @Test
    void everyKeyIsRead() throws ConfigMapProblem {
        Map<String, String> data = new LinkedHashMap<>();
        data.put("pod-autoscaler-class", " hpa.autoscaling.knative.dev\n");
        data.put("enable-scale-to-zero", "F");
        data.put("allow-zero-initial-scale", "TRUE");
        data.put("max-scale-up-rate", "1.5");
        data.put("max-scale-down-rate", "3");
        data.put("container-concurrency-target-percentage", "55");
        data.put("container-concurrency-target-default", "10");
        data.put("requests-per-second-target-default", "0.01");
        data.put("target-burst-capacity", "-1");
        data.put("panic-window-percentage", "1");
        data.put("activator-capacity", "1");
        data.put("panic-threshold-percentage", "-7");
        data.put("initial-scale", "0");
        data.put("min-scale", "+2");
        data.put("max-scale", "10");
        data.put("max-scale-limit", "011");
        data.put("stable-window", "1m30s");
        data.put("scale-down-delay", "2h");
        data.put("scale-to-zero-grace-period", "1ms");
        data.put("scale-to-zero-pod-retention-period", "1.5s");

        assertThat(AutoscalerConfig.parse(data))
                .isEqualTo(new AutoscalerConfig("hpa.autoscaling.knative.dev", false, 0, true, 2, 10, 11));
    }

    @ParameterizedTest
    @CsvSource({
        "max-scale-up-rate=1.001",
        "target-burst-capacity=-1",
        "container-concurrency-target-percentage=100",
        "container-concurrency-target-percentage=NaN",
        "stable-window=6s",
        "stable-window=1h",
        "max-scale=10;max-scale-limit=10",
        "min-scale=4",
        "min-scale=3;max-scale=3",
        "enable-scale-to-zero=false;min-scale=1;max-scale=2",
        "allow-zero-initial-scale=t;initial-scale=0",
        "scale-to-zero-grace-period=33s",
        "initial-scale=7;max-scale=2"
    })
    void accepted(String data) throws ConfigMapProblem {
        assertThat(AutoscalerConfig.parse(data(data))).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            max-scale-up-rate=not a float | max-scale-up-rate
            max-scale-up-rate=1 | max-scale-up-rate
            max-scale-down-rate=-55 | max-scale-down-rate
            max-scale-down-rate=1 | max-scale-down-rate
            scale-down-delay=-1m23s | scale-down-delay
            scale-down-delay=61984ms | scale-down-delay
            scale-to-zero-pod-retention-period=-4m11s | scale-to-zero-pod-retention-period
            stable-window=not a duration | stable-window
            stable-window=1h1s | stable-window
            stable-window=1s | stable-window
            stable-window=61984ms | stable-window
            target-burst-capacity=-11 | target-burst-capacity
            container-concurrency-target-percentage=-42 | container-concurrency-target-percentage
            container-concurrency-target-percentage=142.4 | container-concurrency-target-percentage
            container-concurrency-target-percentage=Inf | container-concurrency-target-percentage
            container-concurrency-target-percentage=1;container-concurrency-target-default=0.001 | container-concurrency-target-percentage
            requests-per-second-target-default=-5.25 | requests-per-second-target-default
            activator-capacity=0.95 | activator-capacity
            panic-window-percentage=0.1 | panic-window-percentage
            panic-window-percentage=110 | panic-window-percentage
            scale-to-zero-grace-period=0s | scale-to-zero-grace-period
            initial-scale=0 | initial-scale
            initial-scale=-1;allow-zero-initial-scale=true | initial-scale
            initial-scale=invalid | initial-scale
            initial-scale=3000000000 | initial-scale
            allow-zero-initial-scale=invalid | allow-zero-initial-scale
            min-scale=-1 | min-scale
            max-scale=-1 | max-scale
            max-scale=10;max-scale-limit=9 | max-scale
            max-scale=0;max-scale-limit=11 | max-scale
            max-scale-limit=-9 | max-scale-limit
            min-scale=4;max-scale=3 | min-scale
            """)
    void refused(String data, String key) {
        assertThatThrownBy(() -> AutoscalerConfig.parse(data(data)))
                .isInstanceOfSatisfying(
                        ConfigMapProblem.class, it -> assertThat(it.key()).isEqualTo(key));
    }

    @Test
    @DisplayName("a problem says what is written, and what it must be")
    void messages() {
        Map<String, String> data =
                data("max-scale=10;max-scale-limit=9;stable-window=1h1s;min-scale=-1;initial-scale=many");

        assertThat(ConfigMapProblem.all(KnativeConfig.CONFIG_AUTOSCALER, data))
                .extracting(ConfigMapProblem::getMessage)
                .containsExactly(
                        "initial-scale is \"many\", it must be a whole number of 32 bits",
                        "stable-window is \"1h1s\", it must be from 6s to 1h",
                        "min-scale is \"-1\", it must be at least 0",
                        "max-scale is \"10\", it must be from 1 to max-scale-limit 9");
        assertThat(ConfigMapProblem.all(KnativeConfig.CONFIG_AUTOSCALER, Map.of("max-scale-limit", "9")))
                .extracting(ConfigMapProblem::getMessage)
                .containsExactly("max-scale is not set, it must be from 1 to max-scale-limit 9");
    }

    @Test
    @DisplayName("of several mistakes Knative's first is named: what does not parse, then the checks in order")
    void order() {
        assertThatThrownBy(() -> AutoscalerConfig.parse(
                        Map.of("scale-to-zero-grace-period", "0s", "max-scale", "x", "max-scale-limit", "y")))
                .hasMessageStartingWith("max-scale is");
        assertThatThrownBy(() -> AutoscalerConfig.parse(Map.of("max-scale", "-1", "stable-window", "1s")))
                .hasMessageContaining("stable-window");
    }

    @Test
    void aConfigMapOfAnotherNameChangesNothing() throws ConfigMapProblem {
        KnativeConfig config = KnativeConfig.DEFAULTS;

        assertThat(config.withConfigMap("config-gc", Map.of("max-scale", "x"))).isSameAs(config);
        assertThat(config.withConfigMap(KnativeConfig.CONFIG_AUTOSCALER, Map.of("max-scale", "7"))
                        .autoscaler()
                        .maxScale())
                .isEqualTo(7);
        assertThat(config.withConfigMap(KnativeConfig.CONFIG_FEATURES, Map.of("multi-container", "disabled"))
                        .features()
                        .isAllowed(FeaturesConfig.MULTI_CONTAINER))
                .isFalse();
        assertThat(config.withConfigMap(KnativeConfig.CONFIG_DEFAULTS, Map.of("container-concurrency", "7"))
                        .defaults()
                        .containerConcurrency())
                .isEqualTo(7);
    }

    /** "key=value;key=value". */
    public static Map<String, String> data(String text) {
        Map<String, String> data = new LinkedHashMap<>();
        for (String entry : text.split(";", -1)) {
            int equals = entry.indexOf('=');
            data.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
        return data;
    }
}

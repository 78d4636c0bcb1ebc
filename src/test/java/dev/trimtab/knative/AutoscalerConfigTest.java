package dev.trimtab.knative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Knative's own TestNewConfig, and the edges of it. */
class AutoscalerConfigTest {
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
                .isEqualTo(new AutoscalerConfig(
                        "hpa.autoscaling.knative.dev",
                        new AutoscalerConfig.Bounds(0, true, 2, 10, 11),
                        new AutoscalerConfig.ScaleToZero(false, Duration.ofMillis(1), Duration.ofMillis(1500)),
                        new AutoscalerConfig.Targets(0.55, 10, 0.01, -1, 1),
                        new AutoscalerConfig.Pace(1.5, 3, Duration.ofSeconds(90), 1, -7, Duration.ofHours(2))));
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
            max-scale-up-rate=not a float | failed to parse data: failed to parse "max-scale-up-rate": strconv.ParseFloat: parsing "not a float": invalid syntax
            max-scale-up-rate=1 | max-scale-up-rate = 1, must be greater than 1.0
            max-scale-down-rate=-55 | max-scale-down-rate = -55, must be greater than 1.0
            max-scale-down-rate=1 | max-scale-down-rate = 1, must be greater than 1.0
            scale-down-delay=-1m23s | scale-down-delay cannot be negative, was: -1m23s
            scale-down-delay=61984ms | scale-down-delay = 1m1.984s, must be specified with at most second precision
            scale-to-zero-pod-retention-period=-4m11s | scale-to-zero-pod-retention-period cannot be negative, was: -4m11s
            stable-window=not a duration | failed to parse data: failed to parse "stable-window": time: invalid duration "not a duration"
            stable-window=1h1s | stable-window = 1h0m1s, must be in [6s; 1h0m0s] range
            stable-window=1s | stable-window = 1s, must be in [6s; 1h0m0s] range
            stable-window=61984ms | stable-window = 1m1.984s, must be specified with at most second precision
            target-burst-capacity=-11 | target-burst-capacity must be either non-negative or -1 (for unlimited), was: -11.000000
            container-concurrency-target-percentage=-42 | container-concurrency-target-percentage = -42.000000 is outside of valid range of (0, 100]
            container-concurrency-target-percentage=142.4 | container-concurrency-target-percentage = 1.424000 is outside of valid range of (0, 100]
            container-concurrency-target-percentage=Inf | container-concurrency-target-percentage = +Inf is outside of valid range of (0, 100]
            container-concurrency-target-percentage=1;container-concurrency-target-default=0.001 | container-concurrency-target-percentage and container-concurrency-target-default yield target concurrency of 0.001, can't be less than 0.01
            requests-per-second-target-default=-5.25 | requests-per-second-target-default must be at least 0.01, was: -5.25
            activator-capacity=0.95 | activator-capacity = 0.95, must be at least 1
            panic-window-percentage=0.1 | panic-window-percentage = 0.1, must be in [1, 100] interval
            panic-window-percentage=110 | panic-window-percentage = 110, must be in [1, 100] interval
            scale-to-zero-grace-period=0s | scale-to-zero-grace-period must be positive, was: 0s
            initial-scale=0 | initial-scale = 0, must be at least 0 (or at least 1 when allow-zero-initial-scale is false)
            initial-scale=-1;allow-zero-initial-scale=true | initial-scale = -1, must be at least 0 (or at least 1 when allow-zero-initial-scale is false)
            initial-scale=invalid | failed to parse data: failed to parse "initial-scale": strconv.ParseInt: parsing "invalid": invalid syntax
            initial-scale=3000000000 | failed to parse data: failed to parse "initial-scale": strconv.ParseInt: parsing "3000000000": value out of range
            allow-zero-initial-scale=invalid | failed to parse data: failed to parse "allow-zero-initial-scale": strconv.ParseBool: parsing "invalid": invalid syntax
            min-scale=-1 | min-scale = -1, must be at least 0
            max-scale=-1 | max-scale = -1, must be in [0, max-scale-limit(0)] range
            max-scale=10;max-scale-limit=9 | max-scale = 10, must be in [1, max-scale-limit(9)] range
            max-scale=0;max-scale-limit=11 | max-scale = 0, must be in [1, max-scale-limit(11)] range
            max-scale-limit=-9 | max-scale-limit = -9, must be at least 0
            min-scale=4;max-scale=3 | min-scale (4) must be less than max-scale (3)
            """)
    void refused(String data, String message) {
        assertThatThrownBy(() -> AutoscalerConfig.parse(data(data)))
                .isInstanceOf(ConfigMapProblem.class)
                .hasMessage(message);
    }

    @Test
    @DisplayName("of several mistakes Knative's first is named: what does not parse, then the checks in order")
    void order() {
        assertThatThrownBy(() -> AutoscalerConfig.parse(
                        Map.of("scale-to-zero-grace-period", "0s", "max-scale", "x", "max-scale-limit", "y")))
                .hasMessageContaining("\"max-scale\"");
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
    static Map<String, String> data(String text) {
        Map<String, String> data = new LinkedHashMap<>();
        for (String entry : text.split(";", -1)) {
            int equals = entry.indexOf('=');
            data.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
        return data;
    }
}

package dev.trimtab.knative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultsConfigTest {
    @Test
    void nothingGivesKnativesDefaults() throws ConfigMapProblem {
        assertThat(DefaultsConfig.parse(Map.of("_example", "x", "unknown", "x")))
                .isEqualTo(DefaultsConfig.DEFAULTS);
    }

    @Test
    void everyKeyIsRead() throws ConfigMapProblem {
        Map<String, String> data = new LinkedHashMap<>();
        data.put("revision-timeout-seconds", "500");
        data.put("max-revision-timeout-seconds", "900");
        data.put("revision-response-start-timeout-seconds", "400");
        data.put("revision-idle-timeout-seconds", "50");
        data.put("revision-cpu-request", "400m");
        data.put("revision-memory-request", "100M");
        data.put("revision-ephemeral-storage-request", "500Mi");
        data.put("revision-cpu-limit", "1");
        data.put("revision-memory-limit", "1e9");
        data.put("revision-ephemeral-storage-limit", "1.5Gi");
        data.put("container-concurrency", "7");
        data.put("container-concurrency-max-limit", "70");
        data.put("allow-container-concurrency-zero", "False");
        data.put("enable-service-links", "TRUE");
        data.put("container-name-template", "{{.Name}}");
        data.put("init-container-name-template", "init-{{ .Name }}");

        assertThat(DefaultsConfig.parse(data))
                .isEqualTo(new DefaultsConfig(
                        new DefaultsConfig.Timeouts(500, 900, 400, 50),
                        new DefaultsConfig.Concurrency(7, 70, false),
                        new DefaultsConfig.Resources(Optional.of("400m"), Optional.of("100M"), Optional.of("500Mi")),
                        new DefaultsConfig.Resources(Optional.of("1"), Optional.of("1e9"), Optional.of("1.5Gi")),
                        Optional.of(true),
                        "{{.Name}}",
                        "init-{{ .Name }}"));
    }

    @Test
    @DisplayName("the time to the first byte follows the time of the whole request")
    void responseStartFollows() throws ConfigMapProblem {
        DefaultsConfig config = DefaultsConfig.parse(Map.of("revision-timeout-seconds", "120"));

        assertThat(config.revisionResponseStartTimeoutSeconds()).isEqualTo(120);
        assertThat(config.revisionIdleTimeoutSeconds()).isZero();
        assertThat(config.maxRevisionTimeoutSeconds()).isEqualTo(600);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "False, false"})
    void serviceLinks(String text, boolean expected) throws ConfigMapProblem {
        assertThat(DefaultsConfig.parse(Map.of("enable-service-links", text)).enableServiceLinks())
                .contains(expected);
    }

    @Test
    void serviceLinksLeftToKubernetes() throws ConfigMapProblem {
        assertThat(DefaultsConfig.parse(Map.of("enable-service-links", "default"))
                        .enableServiceLinks())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            revision-timeout-seconds=x | failed to parse "revision-timeout-seconds": strconv.ParseInt: parsing "x": invalid syntax
            revision-timeout-seconds=601 | revision-timeout-seconds (601) cannot be greater than max-revision-timeout-seconds (600)
            revision-response-start-timeout-seconds=301 | revision-response-start-timeout-seconds (301) cannot be greater than revision-timeout-seconds (300)
            revision-idle-timeout-seconds=301 | revision-idle-timeout-seconds (301) cannot be greater than revision-timeout-seconds (300)
            container-concurrency-max-limit=0 | expected 1 <= 0 <= 2147483647: container-concurrency-max-limit
            container-concurrency=-1 | expected 0 <= -1 <= 1000: container-concurrency
            container-concurrency=1001 | expected 0 <= 1001 <= 1000: container-concurrency
            allow-container-concurrency-zero=yes | failed to parse "allow-container-concurrency-zero": strconv.ParseBool: parsing "yes": invalid syntax
            revision-cpu-request=much | failed to parse "revision-cpu-request": quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
            container-name-template={{.Name | template: container-template:1: unclosed action
            """)
    void refused(String data, String message) {
        assertThatThrownBy(() -> DefaultsConfig.parse(AutoscalerConfigTest.data(data)))
                .isInstanceOf(ConfigMapProblem.class)
                .hasMessage(message);
    }
}

package dev.trimtab.knative.config;

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
                        500,
                        900,
                        400,
                        50,
                        7,
                        70,
                        false,
                        new DefaultsConfig.Resources(Optional.of("400m"), Optional.of("100M"), Optional.of("500Mi")),
                        new DefaultsConfig.Resources(Optional.of("1"), Optional.of("1e9"), Optional.of("1.5Gi")),
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
    @CsvSource(delimiter = '|', textBlock = """
            revision-timeout-seconds=x | revision-timeout-seconds
            revision-timeout-seconds=601 | revision-timeout-seconds
            revision-response-start-timeout-seconds=301 | revision-response-start-timeout-seconds
            revision-idle-timeout-seconds=301 | revision-idle-timeout-seconds
            container-concurrency-max-limit=0 | container-concurrency-max-limit
            container-concurrency=-1 | container-concurrency
            container-concurrency=1001 | container-concurrency
            allow-container-concurrency-zero=yes | allow-container-concurrency-zero
            revision-cpu-request=much | revision-cpu-request
            container-name-template={{.Name | container-name-template
            """)
    void refused(String data, String key) {
        assertThatThrownBy(() -> DefaultsConfig.parse(AutoscalerConfigTest.data(data)))
                .isInstanceOfSatisfying(
                        ConfigMapProblem.class, it -> assertThat(it.key()).isEqualTo(key));
    }
}

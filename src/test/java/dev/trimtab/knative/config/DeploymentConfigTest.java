package dev.trimtab.knative.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeploymentConfigTest {
    @ParameterizedTest
    @CsvSource({"1s, PT1S", "10m, PT10M", "1500ms,", "0s,", "-1s,", "ten minutes,"})
    void progressDeadline(String text, Duration read) throws ConfigMapProblem {
        Map<String, String> data = Map.of("progress-deadline", text);

        if (read == null) {
            assertThatThrownBy(() -> parse(data))
                    .isInstanceOf(ConfigMapProblem.class)
                    .hasMessageContaining("progress-deadline");
        } else {
            assertThat(parse(data)).isEqualTo(read);
        }
    }

    private static Duration parse(Map<String, String> data) throws ConfigMapProblem {
        return KnativeConfig.DEFAULTS
                .withConfigMap(KnativeConfig.CONFIG_DEPLOYMENT, data)
                .deployment()
                .progressDeadline();
    }
}

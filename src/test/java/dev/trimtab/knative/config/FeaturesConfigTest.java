package dev.trimtab.knative.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.knative.config.FeaturesConfig.Flag;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeaturesConfigTest {
    @ParameterizedTest
    @CsvSource({
        "enabled, ENABLED",
        "Enabled, ENABLED",
        "ALLOWED, ALLOWED",
        "disabled, DISABLED",
        "true, DISABLED",
        "'', DISABLED",
        "' enabled', DISABLED",
        "AllowRootBounded, DISABLED"
    })
    void flagsInAnyCaseAndNothingElse(String text, Flag expected) {
        assertThat(FeaturesConfig.parse(Map.of(FeaturesConfig.NODE_SELECTOR, text))
                        .flag(FeaturesConfig.NODE_SELECTOR))
                .isEqualTo(expected);
    }

    @Test
    void aValueThatIsNoneKeepsTheDefault() {
        FeaturesConfig features = FeaturesConfig.parse(Map.of(FeaturesConfig.MULTI_CONTAINER, "off"));

        assertThat(features).isEqualTo(FeaturesConfig.DEFAULTS);
        assertThat(features.isEnabled(FeaturesConfig.MULTI_CONTAINER)).isTrue();
    }

    @Test
    void allowedIsNotEnabled() {
        FeaturesConfig features = FeaturesConfig.parse(Map.of(FeaturesConfig.INIT_CONTAINERS, "allowed"));

        assertThat(features.isAllowed(FeaturesConfig.INIT_CONTAINERS)).isTrue();
        assertThat(features.isEnabled(FeaturesConfig.INIT_CONTAINERS)).isFalse();
    }

    @Test
    void securePodDefaultsHasItsOwnValues() {
        String flag = FeaturesConfig.SECURE_POD_DEFAULTS;

        assertThat(FeaturesConfig.parse(Map.of(flag, "AllowRootBounded")).flag(flag))
                .isEqualTo(Flag.ALLOW_ROOT_BOUNDED);
        assertThat(FeaturesConfig.parse(Map.of(flag, "allowed")).flag(flag)).isEqualTo(Flag.DISABLED);
    }

    @Test
    void anUnknownFlagIsDisabled() {
        assertThat(FeaturesConfig.DEFAULTS.flag("kubernetes.podspec-anything")).isEqualTo(Flag.DISABLED);
    }
}

package dev.trimtab.knative.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.knative.Corpus;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The ConfigMaps that Knative ships, with everything under {@code _example}. */
class ShippedConfigMapsTest {
    @ParameterizedTest
    @ValueSource(strings = {"config-autoscaler", "config-defaults", "config-features", "config-deployment"})
    @DisplayName("as shipped they leave the defaults")
    void shipped(String name) throws ConfigMapProblem {
        assertThat(KnativeConfig.DEFAULTS.withConfigMap(name, shippedData(name)))
                .isEqualTo(KnativeConfig.DEFAULTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"config-autoscaler", "config-defaults", "config-features", "config-deployment"})
    @DisplayName("what the example says is accepted, and is the defaults but for resources")
    void example(String name) throws ConfigMapProblem {
        Map<String, String> example = map(new Yaml().load(shippedData(name).get("_example")));
        example.keySet().removeIf(key -> key.matches("revision-(cpu|memory|ephemeral-storage)-.*"));
        KnativeConfig config = KnativeConfig.DEFAULTS.withConfigMap(name, example);

        assertThat(config.autoscaler()).isEqualTo(AutoscalerConfig.DEFAULTS);
        assertThat(config.defaults()).isEqualTo(DefaultsConfig.DEFAULTS);
        example.keySet().forEach(flag -> assertThat(config.features().flag(flag))
                .isEqualTo(FeaturesConfig.DEFAULTS.flag(flag)));
    }

    @ParameterizedTest
    @ValueSource(strings = "config-defaults")
    void exampleResources(String name) throws ConfigMapProblem {
        DefaultsConfig config = KnativeConfig.DEFAULTS
                .withConfigMap(name, map(new Yaml().load(shippedData(name).get("_example"))))
                .defaults();

        assertThat(config.requests().cpu()).contains("400m");
        assertThat(config.limits().ephemeralStorage()).contains("750M");
    }

    private static Map<String, String> shippedData(String name) {
        Object configMap = new Yaml().load(Corpus.text("knative/" + name + ".configmap.yaml"));
        return map(((Map<?, ?>) configMap).get("data"));
    }

    private static Map<String, String> map(Object yaml) {
        Map<String, String> data = new LinkedHashMap<>();
        ((Map<?, ?>) yaml).forEach((key, value) -> data.put(String.valueOf(key), String.valueOf(value)));
        return data;
    }
}

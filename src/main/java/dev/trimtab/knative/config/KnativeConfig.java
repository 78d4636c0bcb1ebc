package dev.trimtab.knative.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

public record KnativeConfig(
        AutoscalerConfig autoscaler, DefaultsConfig defaults, FeaturesConfig features, DeploymentConfig deployment) {
    public static final String CONFIG_AUTOSCALER = "config-autoscaler";
    public static final String CONFIG_DEFAULTS = "config-defaults";
    public static final String CONFIG_FEATURES = "config-features";
    public static final String CONFIG_DEPLOYMENT = "config-deployment";

    public static final List<String> CONFIG_MAPS =
            List.of(CONFIG_AUTOSCALER, CONFIG_DEFAULTS, CONFIG_FEATURES, CONFIG_DEPLOYMENT);

    public static final KnativeConfig DEFAULTS = new KnativeConfig(
            AutoscalerConfig.DEFAULTS, DefaultsConfig.DEFAULTS, FeaturesConfig.DEFAULTS, DeploymentConfig.DEFAULTS);

    public KnativeConfig withAutoscaler(AutoscalerConfig newAutoscaler) {
        return new KnativeConfig(newAutoscaler, defaults, features, deployment);
    }

    public KnativeConfig withDefaults(DefaultsConfig newDefaults) {
        return new KnativeConfig(autoscaler, newDefaults, features, deployment);
    }

    public KnativeConfig withFeatures(FeaturesConfig newFeatures) {
        return new KnativeConfig(autoscaler, defaults, newFeatures, deployment);
    }

    public KnativeConfig withDeployment(DeploymentConfig newDeployment) {
        return new KnativeConfig(autoscaler, defaults, features, newDeployment);
    }

    /**
     * Replaces the values of one ConfigMap. Unknown names change nothing.
     *
     * @throws ConfigMapProblem if Knative would refuse the ConfigMap
     */
    public KnativeConfig withConfigMap(String name, Map<String, String> data) throws ConfigMapProblem {
        ConfigMapReader reader = new ConfigMapReader(data);
        return reader.checked(with(name, reader));
    }

    KnativeConfig with(String name, ConfigMapReader reader) {
        return switch (name) {
            case CONFIG_AUTOSCALER -> withAutoscaler(AutoscalerConfig.read(reader));
            case CONFIG_DEFAULTS -> withDefaults(DefaultsConfig.read(reader));
            case CONFIG_FEATURES -> withFeatures(FeaturesConfig.parse(reader.data()));
            case CONFIG_DEPLOYMENT -> withDeployment(DeploymentConfig.read(reader));
            default -> this;
        };
    }

    /**
     * Knative's {@code config-deployment}.
     *
     * @param progressDeadline after this time Knative gives up on a new revision; whole seconds
     */
    public record DeploymentConfig(Duration progressDeadline) {
        private static final String PROGRESS_DEADLINE = "progress-deadline";

        public static final DeploymentConfig DEFAULTS = new DeploymentConfig(Duration.ofMinutes(10));

        static DeploymentConfig read(ConfigMapReader reader) {
            Duration deadline = reader.duration(PROGRESS_DEADLINE, DEFAULTS.progressDeadline);
            reader.refuseIf(deadline.isNegative() || deadline.isZero(), PROGRESS_DEADLINE, "must be above 0s");
            reader.refuseIf(deadline.toNanosPart() != 0, PROGRESS_DEADLINE, "must be in whole seconds");
            return new DeploymentConfig(deadline);
        }
    }
}

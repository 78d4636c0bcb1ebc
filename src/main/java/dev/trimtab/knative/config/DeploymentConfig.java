package dev.trimtab.knative.config;

import java.time.Duration;

/**
 * What Trimtab reads of Knative's {@code config-deployment}.
 *
 * @param progressDeadline after which a new revision is given up; whole seconds above 0, 600 s by default
 */
public record DeploymentConfig(Duration progressDeadline) {
    private static final String PROGRESS_DEADLINE = "progress-deadline";

    /** Knative after a fresh install. */
    public static final DeploymentConfig DEFAULTS = new DeploymentConfig(Duration.ofMinutes(10));

    static DeploymentConfig read(ConfigMapReader reader) {
        Duration deadline = reader.duration(PROGRESS_DEADLINE, DEFAULTS.progressDeadline);
        reader.refuseIf(deadline.isNegative() || deadline.isZero(), PROGRESS_DEADLINE, "must be above 0s");
        reader.refuseIf(deadline.toNanosPart() != 0, PROGRESS_DEADLINE, "must be in whole seconds");
        return new DeploymentConfig(deadline);
    }
}

package dev.trimtab.knative;

import java.time.Duration;
import java.util.Map;

/**
 * What Trimtab reads of Knative's {@code config-deployment}.
 *
 * @param progressDeadline after which a new revision is given up; whole seconds above 0, 600 s by default
 */
public record DeploymentConfig(Duration progressDeadline) {
    private static final String PROGRESS_DEADLINE = "progress-deadline";

    /** Knative as it is freshly installed. */
    public static final DeploymentConfig DEFAULTS = new DeploymentConfig(Duration.ofMinutes(10));

    /** @throws ConfigMapProblem where Knative would refuse the value */
    static DeploymentConfig parse(Map<String, String> data) throws ConfigMapProblem {
        String written = data.get(PROGRESS_DEADLINE);
        if (written == null) {
            return DEFAULTS;
        }
        Duration deadline = GoValues.duration(written)
                .orElseThrow(() -> new ConfigMapProblem(
                        "failed to parse \"%s\": %s is no duration".formatted(PROGRESS_DEADLINE, written),
                        PROGRESS_DEADLINE));
        if (deadline.isNegative() || deadline.isZero()) {
            throw new ConfigMapProblem(
                    "progress-deadline cannot be a non-positive duration, was " + GoValues.format(deadline),
                    PROGRESS_DEADLINE);
        }
        if (!deadline.equals(Duration.ofSeconds(deadline.toSeconds()))) {
            throw new ConfigMapProblem(
                    "progress-deadline must be rounded to a whole second, was: " + GoValues.format(deadline),
                    PROGRESS_DEADLINE);
        }
        return new DeploymentConfig(deadline);
    }
}

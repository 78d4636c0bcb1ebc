package dev.trimtab.policy;

import static java.util.Objects.requireNonNull;

/**
 * The {@code scaling} part of a policy, every value given.
 *
 * @param maxScaleWhenUnset {@code maxScale.whenUnset}
 * @param initialScaleDefault {@code initialScale.default}
 * @param initialScaleWrite {@code initialScale.write}
 */
public record Scaling(
        MaxScaleWhenUnset maxScaleWhenUnset,
        InitialScaleDefault initialScaleDefault,
        InitialScaleWrite initialScaleWrite) {
    public Scaling {
        requireNonNull(maxScaleWhenUnset, "maxScaleWhenUnset");
        requireNonNull(initialScaleDefault, "initialScaleDefault");
        requireNonNull(initialScaleWrite, "initialScaleWrite");
    }
}

package dev.trimtab.policy;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;

/**
 * The {@code scaling} part of a policy, every value given.
 *
 * @param maxScaleWhenUnset {@code maxScale.whenUnset}
 * @param initialScaleDefault {@code initialScale.default}
 * @param initialScaleWrite {@code initialScale.write}
 * @param initialScaleOnUpdate {@code initialScale.onUpdate}
 * @param initialScaleFactor {@code initialScale.factor}: by what the pods running now are multiplied, 1 to 10
 */
public record Scaling(
        MaxScaleWhenUnset maxScaleWhenUnset,
        InitialScaleDefault initialScaleDefault,
        InitialScaleWrite initialScaleWrite,
        InitialScaleOnUpdate initialScaleOnUpdate,
        BigDecimal initialScaleFactor) {
    /** @throws IllegalArgumentException if the factor is outside of its bounds */
    public Scaling {
        requireNonNull(maxScaleWhenUnset, "maxScaleWhenUnset");
        requireNonNull(initialScaleDefault, "initialScaleDefault");
        requireNonNull(initialScaleWrite, "initialScaleWrite");
        requireNonNull(initialScaleOnUpdate, "initialScaleOnUpdate");
        requireNonNull(initialScaleFactor, "initialScaleFactor");
        Bounds.INITIAL_SCALE_FACTOR.require("initialScaleFactor", initialScaleFactor);
    }
}

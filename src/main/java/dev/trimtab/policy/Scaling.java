package dev.trimtab.policy;

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
        BigDecimal initialScaleFactor) {}

package dev.trimtab.policy;

import java.math.BigDecimal;
import java.util.Optional;

/** What one profile sets. A key that it leaves out keeps the value of the profiles before it and of the top level. */
public record Overrides(
        Optional<Conflicts> conflicts,
        Optional<MaxScaleWhenUnset> maxScaleWhenUnset,
        Optional<InitialScaleDefault> initialScaleDefault,
        Optional<InitialScaleWrite> initialScaleWrite,
        Optional<InitialScaleOnUpdate> initialScaleOnUpdate,
        Optional<BigDecimal> initialScaleFactor) {
    /** Sets nothing. */
    public static final Overrides NONE = new Overrides(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** {@code scaling} with what is set here on top. */
    Scaling over(Scaling scaling) {
        return new Scaling(
                maxScaleWhenUnset.orElse(scaling.maxScaleWhenUnset()),
                initialScaleDefault.orElse(scaling.initialScaleDefault()),
                initialScaleWrite.orElse(scaling.initialScaleWrite()),
                initialScaleOnUpdate.orElse(scaling.initialScaleOnUpdate()),
                initialScaleFactor.orElse(scaling.initialScaleFactor()));
    }
}

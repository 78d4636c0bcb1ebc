package dev.trimtab.policy;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/** What one profile sets. A key that it leaves out keeps the value of the profiles before it and of the top level. */
public record Overrides(
        Optional<Conflicts> conflicts,
        Optional<MaxScaleWhenUnset> maxScaleWhenUnset,
        Optional<InitialScaleDefault> initialScaleDefault,
        Optional<InitialScaleWrite> initialScaleWrite) {
    public Overrides {
        requireNonNull(conflicts, "conflicts");
        requireNonNull(maxScaleWhenUnset, "maxScaleWhenUnset");
        requireNonNull(initialScaleDefault, "initialScaleDefault");
        requireNonNull(initialScaleWrite, "initialScaleWrite");
    }

    /** {@code scaling} with what is set here on top. */
    Scaling over(Scaling scaling) {
        return new Scaling(
                maxScaleWhenUnset.orElse(scaling.maxScaleWhenUnset()),
                initialScaleDefault.orElse(scaling.initialScaleDefault()),
                initialScaleWrite.orElse(scaling.initialScaleWrite()));
    }
}

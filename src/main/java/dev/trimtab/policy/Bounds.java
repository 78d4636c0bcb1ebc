package dev.trimtab.policy;

import dev.trimtab.knative.golang.GoValues;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * The range of a number, and who says so.
 *
 * @param least the smallest value, as a policy spells it
 * @param most the largest value, as a policy spells it; empty if there is none
 * @param source ends the sentence "1 is the least that ..."
 */
record Bounds(BigDecimal low, String least, Optional<BigDecimal> high, String most, String source) {
    static final String TRIMTAB = "Trimtab takes";
    static final String KNATIVE = "Knative takes as ";

    static Bounds numbers(String least, String most, String source) {
        return new Bounds(new BigDecimal(least), least, Optional.of(new BigDecimal(most)), most, source);
    }

    static Bounds atLeast(String least, String source) {
        return new Bounds(new BigDecimal(least), least, Optional.empty(), "", source);
    }

    static Bounds durations(String least, String most, String source) {
        return new Bounds(seconds(least), least, Optional.of(seconds(most)), most, source);
    }

    private static BigDecimal seconds(String duration) {
        return BigDecimal.valueOf(GoValues.duration(duration).orElseThrow().toSeconds());
    }

    /** {@code number}, which the policy spells {@code written}, if it is within the bounds. */
    Optional<BigDecimal> within(YamlValue value, BigDecimal number, String written) {
        if (number.compareTo(low) < 0) {
            value.refuse(written + " is below " + least + ", the least that " + source);
            return Optional.empty();
        }
        if (high.isPresent() && number.compareTo(high.get()) > 0) {
            value.refuse(written + " is above " + most + ", the most that " + source);
            return Optional.empty();
        }
        return Optional.of(number);
    }
}

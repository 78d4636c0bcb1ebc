package dev.trimtab.policy;

import dev.trimtab.knative.GoValues;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * Between which values a number of the policy must be, and who says so.
 *
 * @param least the smallest value, as a policy spells it
 * @param most the largest value, as a policy spells it; empty if there is none
 * @param source ends the sentence "1 is the least that ..."
 */
record Bounds(BigDecimal low, String least, Optional<BigDecimal> high, String most, String source) {
    private static final String TRIMTAB = "Trimtab takes";
    private static final String KNATIVE = "Knative takes as ";

    static final Bounds TIMEOUTS_FACTOR = numbers("1", "10", TRIMTAB);
    static final Bounds INITIAL_SCALE_FACTOR = numbers("1", "10", TRIMTAB);
    static final Bounds PORT = numbers("1", "65535", "is a port");
    /** Of GPU memory, in bytes: from a MiB to a TiB. */
    static final Bounds GPU_MEMORY =
            new Bounds(new BigDecimal("1048576"), "1Mi", Optional.of(new BigDecimal("1099511627776")), "1Ti", TRIMTAB);

    static final Bounds STARTUP_SECONDS = numbers("1", "86400", TRIMTAB);
    static final Bounds MAX_RESPONSE_SECONDS = numbers("1", "86400", TRIMTAB);
    static final Bounds CONTAINER_CONCURRENCY =
            numbers("0", "1000", "Knative takes unless the cluster has another container-concurrency-max-limit");
    static final Bounds ROLLOUT_DURATION = durations("0s", "24h", TRIMTAB);
    static final Bounds STOP_GRACE_PERIOD = durations("0s", "1h", TRIMTAB);
    static final Bounds NATIVE_TIMEOUT = durations("1s", "1h", TRIMTAB);
    static final Bounds START_DEADLINE = durations("1m", "24h", TRIMTAB);
    static final Bounds PANIC_WINDOW_PERCENTAGE = numbers("1", "100", KNATIVE + "panic-window-percentage");
    static final Bounds PANIC_THRESHOLD_PERCENTAGE = numbers("110", "1000", KNATIVE + "panic-threshold-percentage");
    static final Bounds SCALE_DOWN_DELAY = durations("0s", "1h", KNATIVE + "scale-down-delay");
    static final Bounds TARGET_UTILIZATION_PERCENTAGE = numbers("1", "100", KNATIVE + "target-utilization-percentage");
    static final Bounds TARGET = new Bounds(new BigDecimal("0.01"), "0.01", Optional.empty(), "", KNATIVE + "target");

    private static Bounds numbers(String least, String most, String source) {
        return new Bounds(new BigDecimal(least), least, Optional.of(new BigDecimal(most)), most, source);
    }

    private static Bounds durations(String least, String most, String source) {
        return new Bounds(seconds(least), least, Optional.of(seconds(most)), most, source);
    }

    private static BigDecimal seconds(String duration) {
        return BigDecimal.valueOf(GoValues.duration(duration).orElseThrow().toSeconds());
    }

    /** What is wrong with {@code value}, which the policy spells {@code written}; empty if it is within the bounds. */
    Optional<String> flaw(BigDecimal value, String written) {
        if (value.compareTo(low) < 0) {
            return Optional.of(written + " is below " + least + ", the least that " + source);
        }
        return high.filter(bound -> value.compareTo(bound) > 0)
                .map(bound -> written + " is above " + most + ", the most that " + source);
    }

    /** @throws IllegalArgumentException if {@code value} is outside of the bounds */
    void require(String name, BigDecimal value) {
        Names.require(flaw(value, name + " " + value));
    }

    /** @throws IllegalArgumentException if {@code value} is outside of the bounds or not in whole seconds */
    void requireDuration(String name, Duration value) {
        if (!value.equals(Duration.ofSeconds(value.toSeconds()))) {
            throw new IllegalArgumentException(name + " " + value + " is not in whole seconds");
        }
        require(name, BigDecimal.valueOf(value.toSeconds()));
    }

    /** @throws IllegalArgumentException if {@code value} is there and outside of the bounds */
    void requireIn(String name, Optional<BigDecimal> value) {
        value.ifPresent(number -> require(name, number));
    }

    /** @throws IllegalArgumentException if {@code value} is there and outside of the bounds */
    void requireWhole(String name, Optional<Integer> value) {
        value.ifPresent(number -> require(name, BigDecimal.valueOf(number)));
    }
}

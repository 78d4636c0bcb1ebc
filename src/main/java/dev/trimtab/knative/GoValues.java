package dev.trimtab.knative;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Go's lexical rules, by which Knative reads annotations and ConfigMaps. They differ from Java's: "+5", "007" and
 * "1e2" are numbers where Go reads them, " 5" and "5.0" are no integers, "60" is no duration, "yes" is no boolean.
 *
 * <p>Each method is empty where Go returns an error; nothing is trimmed.
 */
public final class GoValues {
    private GoValues() {}

    /** strconv.ParseInt(text, 10, 32): from -2147483648 to 2147483647. */
    public static OptionalInt int32(String text) {
        try {
            return OptionalInt.of((int) GoNumbers.parseInt(text, 32, "ParseInt"));
        } catch (GoParseException e) {
            return OptionalInt.empty();
        }
    }

    /** strconv.Atoi(text) as on Knative's 64-bit platforms: 64 bits, so "3000000000" is a number. */
    public static OptionalLong atoi(String text) {
        try {
            return OptionalLong.of(GoNumbers.parseInt(text, 64, "Atoi"));
        } catch (GoParseException e) {
            return OptionalLong.empty();
        }
    }

    /** strconv.ParseBool(text): 1, t, T, TRUE, true, True, 0, f, F, FALSE, false, False and nothing else. */
    public static Optional<Boolean> bool(String text) {
        try {
            return Optional.of(GoNumbers.parseBool(text));
        } catch (GoParseException e) {
            return Optional.empty();
        }
    }

    /**
     * strconv.ParseFloat(text, 64): also "1e2", "Inf", "NaN", "0x1p-2", and underscores between digits ("1_000"), in
     * contrast to the integers. Empty for what exceeds 64 bits ("1e400").
     */
    public static OptionalDouble float64(String text) {
        try {
            return OptionalDouble.of(GoNumbers.parseFloat(text));
        } catch (GoParseException e) {
            return OptionalDouble.empty();
        }
    }

    /** time.ParseDuration(text): "1m30s", "-1.5h", "300ms", "0"; a number without a unit is none, but for zero. */
    public static Optional<Duration> duration(String text) {
        try {
            return Optional.of(GoDurations.parse(text));
        } catch (GoParseException e) {
            return Optional.empty();
        }
    }

    /** As Go prints a duration: "1m1.984s", "1h0m0s", "300ms", "0s". */
    public static String format(Duration duration) {
        return GoDurations.format(duration);
    }

    /**
     * As Go's %v prints a float64: "1000", "0.7", "1e+06", "1e-05", "NaN", "+Inf". Of numbers with 17 digits Java 17 prints
     * one digit more now and then (JDK-4511638); Go prints the shortest.
     */
    static String format(double number) {
        if (Double.isNaN(number)) {
            return "NaN";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "+Inf" : "-Inf";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0" : "0";
        }
        BigDecimal decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        // strconv's %g decides by a precision of 6 when it prints the shortest form.
        if (exponent < -4 || exponent >= 6) {
            String mantissa = decimal.movePointLeft(exponent).toPlainString();
            return mantissa + String.format(Locale.ROOT, "e%+03d", exponent);
        }
        return decimal.toPlainString();
    }
}

package dev.trimtab.knative.golang;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Go's lexical rules, by which Knative reads annotations and ConfigMaps; measured against Go 1.26. They differ from Java's:
 * "+5", "007" and "1e2" are numbers where Go reads them, " 5" and "5.0" are no integers, "60" is no duration, "yes" is no
 * boolean.
 *
 * <p>Each method is empty where Go returns an error; nothing is trimmed.
 */
public final class GoValues {
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");
    /** Of an integer of 64 bits, and one more. */
    private static final int MOST_DIGITS = 20;

    /** Mantissa and exponent of Go's decimal floating-point literal, underscores taken out. */
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?");
    /** The hexadecimal literal; its exponent is required. */
    private static final Pattern HEXADECIMAL =
            Pattern.compile("[+-]?0[xX](?:[0-9a-fA-F]+(?:\\.[0-9a-fA-F]*)?|\\.[0-9a-fA-F]+)[pP][+-]?[0-9]+");
    /** An underscore stands between two digits, or between the base prefix and a digit. */
    private static final Pattern MISPLACED_UNDERSCORE = Pattern.compile("(?<![0-9])_|_(?![0-9])");

    private static final Pattern MISPLACED_HEXADECIMAL_UNDERSCORE =
            Pattern.compile("(?<![0-9a-fA-F]|0[xX])_|_(?![0-9a-fA-F])");

    private GoValues() {}

    /** Whether {@code text} is an integer, of any size. */
    public static boolean isInteger(String text) {
        return INTEGER.matcher(text).matches();
    }

    /** strconv.ParseInt(text, 10, 32): from -2147483648 to 2147483647. */
    public static OptionalInt int32(String text) {
        OptionalLong number = int64(text);
        return number.isPresent() && number.getAsLong() == (int) number.getAsLong()
                ? OptionalInt.of((int) number.getAsLong())
                : OptionalInt.empty();
    }

    /** strconv.ParseInt(text, 10, 64), and strconv.Atoi(text) on Knative's 64-bit platforms: "3000000000" is a number. */
    public static OptionalLong int64(String text) {
        String digits = text.replaceFirst("^[+-]?0*", "");
        if (!isInteger(text) || digits.length() > MOST_DIGITS) {
            return OptionalLong.empty();
        }
        BigInteger number = new BigInteger(text.startsWith("-") ? "-0" + digits : "0" + digits);
        return number.bitLength() < Long.SIZE ? OptionalLong.of(number.longValue()) : OptionalLong.empty();
    }

    /** strconv.ParseBool(text): 1, t, T, TRUE, true, True, 0, f, F, FALSE, false, False and nothing else. */
    public static Optional<Boolean> bool(String text) {
        return switch (text) {
            case "1", "t", "T", "TRUE", "true", "True" -> Optional.of(true);
            case "0", "f", "F", "FALSE", "false", "False" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /**
     * strconv.ParseFloat(text, 64): also "1e2", "Inf", "NaN", "0x1p-2", and underscores between digits ("1_000"), in
     * contrast to the integers. Empty for what exceeds 64 bits ("1e400").
     */
    public static OptionalDouble float64(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "nan" -> OptionalDouble.of(Double.NaN);
            case "inf", "+inf", "infinity", "+infinity" -> OptionalDouble.of(Double.POSITIVE_INFINITY);
            case "-inf", "-infinity" -> OptionalDouble.of(Double.NEGATIVE_INFINITY);
            default -> finite(text);
        };
    }

    private static OptionalDouble finite(String text) {
        boolean hexadecimal = text.contains("x") || text.contains("X");
        Pattern misplaced = hexadecimal ? MISPLACED_HEXADECIMAL_UNDERSCORE : MISPLACED_UNDERSCORE;
        Pattern syntax = hexadecimal ? HEXADECIMAL : DECIMAL;
        String literal = text.replace("_", "");
        if (misplaced.matcher(text).find() || !syntax.matcher(literal).matches()) {
            return OptionalDouble.empty();
        }
        double value = Double.parseDouble(literal);
        return Double.isInfinite(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** time.ParseDuration(text): "1m30s", "-1.5h", "300ms", "0"; a number without a unit is none, but for zero. */
    public static Optional<Duration> duration(String text) {
        return GoDurations.parse(text);
    }

    /** As Go prints a duration: "1m1.984s", "1h0m0s", "300ms", "0s". */
    public static String format(Duration duration) {
        return GoDurations.format(duration);
    }

    /** strconv.Quote, for the characters that occur in manifests: control characters are escaped, letters are not. */
    public static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> quoted.append(c < ' ' || c == 0x7f ? String.format("\\x%02x", (int) c) : c);
            }
        }
        return quoted.append('"').toString();
    }
}

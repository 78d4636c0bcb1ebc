package dev.trimtab.knative.golang;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses texts by Go's rules, as Knative does with annotations and ConfigMaps. Measured against Go 1.26. "+5", "007"
 * and "1e2" are numbers if Go reads them so. " 5" and "5.0" are no integers, "60" is no duration, "yes" is no boolean.
 *
 * <p>Each result is empty if Go returns an error. Nothing is trimmed.
 */
public final class GoParsing {
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");
    /** One digit more than an integer of 64 bits has. */
    private static final int MOST_DIGITS = 20;

    /** Go's decimal floating-point literal, without underscores. */
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?");
    /** Go's hexadecimal floating-point literal. It needs an exponent. */
    private static final Pattern HEXADECIMAL =
            Pattern.compile("[+-]?0[xX](?:[0-9a-fA-F]+(?:\\.[0-9a-fA-F]*)?|\\.[0-9a-fA-F]+)[pP][+-]?[0-9]+");
    /** An underscore must stand between two digits, or between the base prefix and a digit. */
    private static final Pattern MISPLACED_UNDERSCORE = Pattern.compile("(?<![0-9])_|_(?![0-9])");

    private static final Pattern MISPLACED_HEXADECIMAL_UNDERSCORE =
            Pattern.compile("(?<![0-9a-fA-F]|0[xX])_|_(?![0-9a-fA-F])");

    private static final Pattern TERM = Pattern.compile("\\G0*([0-9]*)(?:\\.([0-9]*))?([^0-9.]+)");
    /** Later digits are less than a nanosecond, even for hours. */
    private static final int MOST_DECIMALS = 20;

    private static final Map<String, BigDecimal> UNITS = Map.of(
            "ns", new BigDecimal("1"),
            "us", new BigDecimal("1e3"),
            "\u00b5s", new BigDecimal("1e3"), // micro sign
            "\u03bcs", new BigDecimal("1e3"), // Greek letter mu
            "ms", new BigDecimal("1e6"),
            "s", new BigDecimal("1e9"),
            "m", new BigDecimal("60e9"),
            "h", new BigDecimal("3600e9"));

    private GoParsing() {}

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

    /** strconv.ParseInt(text, 10, 64), and strconv.Atoi(text) on 64-bit platforms: "3000000000" is a number. */
    public static OptionalLong int64(String text) {
        OptionalLong plain = plain(text);
        if (plain.isPresent()) {
            return plain;
        }
        String digits = text.replaceFirst("^[+-]?0*", "");
        if (!isInteger(text) || digits.length() > MOST_DIGITS) {
            return OptionalLong.empty();
        }
        BigInteger number = new BigInteger(text.startsWith("-") ? "-0" + digits : "0" + digits);
        return number.bitLength() < Long.SIZE ? OptionalLong.of(number.longValue()) : OptionalLong.empty();
    }

    /** What almost every author writes: 1 to 9 digits. */
    private static OptionalLong plain(String text) {
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return OptionalLong.empty();
            }
            number = 10 * number + digit;
        }
        return text.isEmpty() || text.length() > 9 ? OptionalLong.empty() : OptionalLong.of(number);
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
     * strconv.ParseFloat(text, 64). Unlike integers it allows "1e2", "Inf", "NaN", "0x1p-2", and underscores between
     * digits ("1_000"). Empty if the value exceeds 64 bits ("1e400").
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

    /** time.ParseDuration(text): "1m30s", "-1.5h", "300ms". Only "0" needs no unit. */
    public static Optional<Duration> duration(String text) {
        boolean negative = text.startsWith("-");
        String terms = negative || text.startsWith("+") ? text.substring(1) : text;
        if (terms.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        BigInteger nanos = BigInteger.ZERO;
        Matcher term = TERM.matcher(terms);
        int end = 0;
        while (term.find()) {
            BigDecimal unit = UNITS.get(term.group(3));
            boolean digits = term.start(3) - term.start() > (term.group(2) == null ? 0 : 1);
            if (unit == null || !digits || term.group(1).length() > MOST_DIGITS) {
                return Optional.empty();
            }
            nanos = nanos.add(nanos(term.group(1), term.group(2), unit));
            end = term.end();
        }
        BigInteger signed = negative ? nanos.negate() : nanos;
        return end == 0 || end < terms.length() || signed.bitLength() >= Long.SIZE
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(signed.longValue()));
    }

    /** Truncates each term to whole nanoseconds. */
    private static BigInteger nanos(String whole, String decimals, BigDecimal unit) {
        String fraction = decimals == null ? "" : decimals.substring(0, Math.min(decimals.length(), MOST_DECIMALS));
        return new BigDecimal("0" + whole + "." + fraction + "0").multiply(unit).toBigInteger();
    }

    /** As Go prints a duration: "1m1.984s", "1h0m0s", "300ms", "0s". */
    public static String format(Duration duration) {
        Duration magnitude = duration.abs();
        String sign = duration.isNegative() ? "-" : "";
        if (magnitude.isZero()) {
            return "0s";
        }
        if (magnitude.compareTo(Duration.ofSeconds(1)) < 0) {
            return sign + belowSecond(BigDecimal.valueOf(magnitude.toNanosPart()));
        }
        BigDecimal seconds = BigDecimal.valueOf(magnitude.toSecondsPart())
                .add(BigDecimal.valueOf(magnitude.toNanosPart()).movePointLeft(9));
        StringBuilder formatted = new StringBuilder(sign);
        if (magnitude.toHours() > 0) {
            formatted.append(magnitude.toHours()).append('h');
        }
        if (magnitude.toMinutes() > 0) {
            formatted.append(magnitude.toMinutesPart()).append('m');
        }
        return formatted.append(plain(seconds)).append('s').toString();
    }

    private static String belowSecond(BigDecimal nanos) {
        if (nanos.precision() <= 3) {
            return plain(nanos) + "ns";
        }
        return nanos.precision() <= 6
                ? plain(nanos.movePointLeft(3)) + "\u00b5s"
                : plain(nanos.movePointLeft(6)) + "ms";
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}

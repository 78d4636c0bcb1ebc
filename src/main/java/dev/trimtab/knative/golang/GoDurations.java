package dev.trimtab.knative.golang;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Go's time.ParseDuration and Duration.String; measured against Go 1.26. */
final class GoDurations {
    /** One number with its unit. */
    private static final Pattern TERM = Pattern.compile("\\G0*([0-9]*)(?:\\.([0-9]*))?([^0-9.]+)");
    /** Of nanoseconds in 64 bits, and one more. */
    private static final int MOST_DIGITS = 20;
    /** Later digits make no nanosecond, not even of an hour. */
    private static final int MOST_DECIMALS = 20;

    /** In nanoseconds. */
    private static final Map<String, BigDecimal> UNITS = Map.of(
            "ns", new BigDecimal("1"),
            "us", new BigDecimal("1e3"),
            "\u00b5s", new BigDecimal("1e3"), // micro sign
            "\u03bcs", new BigDecimal("1e3"), // Greek letter mu
            "ms", new BigDecimal("1e6"),
            "s", new BigDecimal("1e9"),
            "m", new BigDecimal("60e9"),
            "h", new BigDecimal("3600e9"));

    private GoDurations() {}

    static Optional<Duration> parse(String text) {
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

    /** Each term is cut to whole nanoseconds. */
    private static BigInteger nanos(String whole, String decimals, BigDecimal unit) {
        String fraction = decimals == null ? "" : decimals.substring(0, Math.min(decimals.length(), MOST_DECIMALS));
        return new BigDecimal("0" + whole + "." + fraction + "0").multiply(unit).toBigInteger();
    }

    /** "1m1.984s", "1h0m0s", "300ms", "0s". */
    static String format(Duration duration) {
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

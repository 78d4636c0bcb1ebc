package dev.trimtab.knative;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;

/** Go's time.ParseDuration and Duration.String; measured against Go 1.26. */
final class GoDurations {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    /** 2^63 as an unsigned number: the most negative duration, one more than the longest. */
    private static final long LIMIT = Long.MIN_VALUE;

    private static final Map<String, Long> UNITS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "\u00b5s", 1_000L, // micro sign
            "\u03bcs", 1_000L, // Greek letter mu
            "ms", 1_000_000L,
            "s", NANOS_PER_SECOND,
            "m", 60 * NANOS_PER_SECOND,
            "h", 3_600 * NANOS_PER_SECOND);

    private final String text;
    private int position;

    private GoDurations(String text) {
        this.text = text;
    }

    static Duration parse(String text) throws GoParseException {
        return Duration.ofNanos(new GoDurations(text).nanos());
    }

    private long nanos() throws GoParseException {
        boolean negative = text.startsWith("-");
        position = negative || text.startsWith("+") ? 1 : 0;
        if (text.substring(position).equals("0")) {
            return 0;
        }
        if (position == text.length()) {
            throw invalid();
        }
        long sum = 0; // unsigned, at most 2^63
        while (position < text.length()) {
            sum = add(sum, nextTerm());
        }
        if (negative) {
            return -sum;
        }
        if (sum == LIMIT) {
            throw invalid();
        }
        return sum;
    }

    /** One number with its unit, in nanoseconds. */
    private long nextTerm() throws GoParseException {
        int start = position;
        long whole = leadingInteger();
        boolean digits = position > start;
        double fraction = 0;
        double scale = 1;
        if (position < text.length() && text.charAt(position) == '.') {
            position++;
            int first = position;
            while (isDigit()) {
                // Go drops the digits that no longer fit into 63 bits; so many never make a nanosecond.
                if (fraction < 9e17) {
                    fraction = fraction * 10 + (text.charAt(position) - '0');
                    scale *= 10;
                }
                position++;
            }
            digits |= position > first;
        }
        if (!digits) {
            throw invalid();
        }
        long unit = unit();
        if (Long.compareUnsigned(whole, Long.divideUnsigned(LIMIT, unit)) > 0) {
            throw invalid();
        }
        return add(whole * unit, (long) (fraction * (unit / scale)));
    }

    private long leadingInteger() throws GoParseException {
        long value = 0; // unsigned
        while (isDigit()) {
            if (Long.compareUnsigned(value, Long.divideUnsigned(LIMIT, 10)) > 0) {
                throw invalid();
            }
            value = value * 10 + (text.charAt(position) - '0');
            if (Long.compareUnsigned(value, LIMIT) > 0) {
                throw invalid();
            }
            position++;
        }
        return value;
    }

    private long unit() throws GoParseException {
        int start = position;
        while (position < text.length() && text.charAt(position) != '.' && !isDigit()) {
            position++;
        }
        String name = text.substring(start, position);
        if (name.isEmpty()) {
            throw GoParseException.duration("missing unit in duration", text);
        }
        Long unit = UNITS.get(name);
        if (unit == null) {
            throw GoParseException.duration("unknown unit " + GoParseException.timeQuote(name) + " in duration", text);
        }
        return unit;
    }

    private long add(long sum, long term) throws GoParseException {
        long total = sum + term;
        // Both are at most 2^63, so a sum of zero of two others has passed 2^64.
        if (Long.compareUnsigned(total, LIMIT) > 0 || (total == 0 && sum != 0)) {
            throw invalid();
        }
        return total;
    }

    private boolean isDigit() {
        return position < text.length() && text.charAt(position) >= '0' && text.charAt(position) <= '9';
    }

    private GoParseException invalid() {
        return GoParseException.duration("invalid duration", text);
    }

    /** "1m1.984s", "1h0m0s", "300ms", "0s". */
    static String format(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        BigDecimal nanos = BigDecimal.valueOf(duration.abs().toSeconds())
                .movePointRight(9)
                .add(BigDecimal.valueOf(duration.abs().toNanosPart()));
        String sign = duration.isNegative() ? "-" : "";
        if (duration.abs().compareTo(Duration.ofSeconds(1)) < 0) {
            return sign + belowSecond(nanos);
        }
        Duration magnitude = duration.abs();
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
        if (nanos.compareTo(BigDecimal.valueOf(1_000)) < 0) {
            return plain(nanos) + "ns";
        }
        if (nanos.compareTo(BigDecimal.valueOf(1_000_000)) < 0) {
            return plain(nanos.movePointLeft(3)) + "\u00b5s";
        }
        return plain(nanos.movePointLeft(6)) + "ms";
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}

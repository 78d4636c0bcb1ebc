package dev.trimtab.cli.print;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Durations as kubectl takes and prints them: {@code 1h30m}, {@code 45s}. */
public final class Durations {
    private static final Pattern DURATION = Pattern.compile("(?=\\d)(\\d+h)?(\\d+m)?(\\d+s)?");

    private Durations() {}

    public static Duration parse(String text) {
        if (DURATION.matcher(text).matches()) {
            try {
                return Duration.parse("PT" + text);
            } catch (DateTimeException | ArithmeticException tooLong) {
                throw new TypeConversionException("'" + text + "' is too long");
            }
        }
        throw new TypeConversionException("'" + text + "' is not a duration such as 90s or 1h30m");
    }

    public static String text(Duration duration) {
        Duration whole = duration.isNegative() ? Duration.ZERO : Duration.ofSeconds(duration.toSeconds());
        return whole.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}

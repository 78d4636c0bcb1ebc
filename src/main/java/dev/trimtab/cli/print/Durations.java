package dev.trimtab.cli.print;

import dev.trimtab.knative.golang.GoParsing;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.TypeConversionException;

/** Durations as the policy and kubectl accept them ({@code 1h30m}, {@code 1.5h}), and as kubectl prints them. */
public final class Durations {
    private Durations() {}

    public static Duration parse(String text) {
        return GoParsing.duration(text)
                .filter(it -> !it.isNegative())
                .orElseThrow(
                        () -> new TypeConversionException("'" + text + "' is not a duration such as 90s or 1h30m"));
    }

    public static String text(Duration duration) {
        Duration whole = duration.isNegative() ? Duration.ZERO : Duration.ofSeconds(duration.toSeconds());
        return whole.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}

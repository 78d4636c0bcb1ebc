package dev.trimtab.schedule;

import dev.trimtab.lifecycle.Times;
import dev.trimtab.manifest.Manifest;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A person's word on one service, which wins over its schedule: {@code trimtab.dev/keep: up} or {@code down}, until the
 * time in {@code trimtab.dev/keep-until}, or without an end.
 */
public sealed interface Keep {
    String KEY = "trimtab.dev/keep";
    String UNTIL = "trimtab.dev/keep-until";

    /** No annotation, or its time is over. */
    record None() implements Keep {}

    /** @param until empty if it has no end */
    record InForce(Phase phase, Optional<Instant> until) implements Keep {}

    /**
     * The annotations cannot be read. The schedule neither stops nor starts the service, since nobody knows what the
     * person wants.
     */
    record Invalid(String problem) implements Keep {}

    static Keep of(Manifest service, Instant now) {
        Optional<String> word = service.annotations().text(KEY).map(String::strip);
        Optional<String> end = service.annotations().text(UNTIL).map(String::strip);
        if (word.isEmpty()) {
            return end.isEmpty() ? new None() : new Invalid(UNTIL + " has no effect without " + KEY + ": up or down");
        }
        Optional<Phase> phase = phase(word.get());
        Optional<Instant> until = end.flatMap(Times::parse);
        if (end.isPresent() && until.isEmpty()) {
            return new Invalid(
                    "%s: \"%s\" is not a time like 2026-12-24T18:00:00+01:00 (RFC 3339)".formatted(UNTIL, end.get()));
        }
        if (until.filter(it -> !now.isBefore(it)).isPresent()) {
            return new None();
        }
        return phase.<Keep>map(it -> new InForce(it, until))
                .orElseGet(() -> new Invalid("%s: \"%s\" is neither up nor down".formatted(KEY, word.get())));
    }

    private static Optional<Phase> phase(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "up" -> Optional.of(Phase.UP);
            case "down" -> Optional.of(Phase.DOWN);
            default -> Optional.empty();
        };
    }
}

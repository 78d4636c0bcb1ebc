package dev.trimtab.cli;

import dev.trimtab.yaml.Position;
import java.util.Locale;

/**
 * One thing that a check has found.
 *
 * @param rule that decided; {@code knative} where Knative refuses what Trimtab leaves to it
 * @param at where its author wrote it, or the nearest place that is there
 * @param message what is wrong, or what is made of it
 */
record Finding(Level level, String rule, Position at, String message) {
    /** How bad it is. */
    enum Level {
        /** The object would not be stored. */
        REFUSED,
        /** A value of the author would be moved. */
        CLAMPED,
        /** The author should know. */
        WARNING;

        /** Whether the check fails. */
        boolean isFound() {
            return this != WARNING;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

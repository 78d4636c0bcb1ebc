package dev.trimtab.cli.schedule;

import dev.trimtab.lifecycle.Times;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Where a preview begins. */
sealed interface FirstMoment {
    Instant in(ZoneId zone);

    /** Where the day begins in the schedule's time zone. */
    record Day(LocalDate date) implements FirstMoment {
        @Override
        public Instant in(ZoneId zone) {
            return date.atStartOfDay(zone).toInstant();
        }
    }

    record Moment(Instant instant) implements FirstMoment {
        @Override
        public Instant in(ZoneId zone) {
            return instant;
        }
    }

    /**
     * Empty if the text is neither a day nor a time.
     *
     * @param written null for now
     */
    static Optional<FirstMoment> parse(String written, Instant now) {
        if (written == null) {
            return Optional.of(new Moment(now.truncatedTo(ChronoUnit.MINUTES)));
        }
        try {
            return Optional.of(new Day(LocalDate.parse(written)));
        } catch (DateTimeParseException noDay) {
            return Times.parse(written).map(Moment::new);
        }
    }
}

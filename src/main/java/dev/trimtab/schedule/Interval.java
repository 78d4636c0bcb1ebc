package dev.trimtab.schedule;

import java.time.Instant;
import java.util.stream.Stream;

/** From {@code start} on, until before {@code end}. */
record Interval(Instant start, Instant end) {
    boolean isEmpty() {
        return !start.isBefore(end);
    }

    boolean contains(Instant moment) {
        return !moment.isBefore(start) && moment.isBefore(end);
    }

    Stream<Interval> before(Instant limit) {
        return nonEmpty(new Interval(start, end.isBefore(limit) ? end : limit));
    }

    Stream<Interval> from(Instant limit) {
        return nonEmpty(new Interval(start.isAfter(limit) ? start : limit, end));
    }

    private static Stream<Interval> nonEmpty(Interval part) {
        return part.isEmpty() ? Stream.empty() : Stream.of(part);
    }
}

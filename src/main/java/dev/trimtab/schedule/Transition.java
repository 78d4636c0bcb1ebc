package dev.trimtab.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A phase begins.
 *
 * @param until when the next phase begins; empty if in none of the next 400 days
 * @param clockChanges from {@code at} until before {@code until}
 * @param holidays of phase Down: the days in it by date, with their names, which may be empty
 */
public record Transition(
        Instant at,
        Phase phase,
        Optional<Instant> until,
        List<ClockChange> clockChanges,
        SortedMap<LocalDate, String> holidays) {}

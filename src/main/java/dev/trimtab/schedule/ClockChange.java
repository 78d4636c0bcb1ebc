package dev.trimtab.schedule;

import java.time.Duration;
import java.time.Instant;

/**
 * The clocks of a time zone are changed.
 *
 * @param by positive if they go forward
 */
public record ClockChange(Instant at, Duration by) {}

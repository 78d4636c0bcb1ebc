package dev.trimtab.schedule;

/**
 * A problem in a ServingSchedule.
 *
 * @param field such as {@code spec.uptime[1]}
 * @param message what is wrong and what to write instead, on one line
 */
public record ScheduleProblem(String field, String message) {
    @Override
    public String toString() {
        return field + ": " + message;
    }
}

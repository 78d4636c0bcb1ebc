package dev.trimtab.autoscalers;

import dev.trimtab.policy.AibrixCheck;

/**
 * One thing that a check has found.
 *
 * @param path of the field, such as {@code spec.metricsSources[1].targetMetric}
 * @param subject what is found fault with, without its place: an update that leaves it as it is, is not at fault
 * @param message what happens otherwise, and what to write
 */
public record Problem(AibrixCheck check, String path, String subject, String message) {
    /** For people: the field first. */
    public String text() {
        return path + ": " + message;
    }

    /** Whether it is the very fault that another version of the object has too. */
    public boolean isSame(Problem other) {
        return check == other.check && subject.equals(other.subject);
    }
}

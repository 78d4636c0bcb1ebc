package dev.trimtab.autoscalers;

import dev.trimtab.policy.AibrixCheck;

/**
 * One thing that a check has found.
 *
 * @param path of the field, such as {@code spec.metricsSources[1].targetMetric}
 * @param subject the faulty value, without its place: an update that does not change it is not refused
 */
public record Problem(AibrixCheck check, String path, String subject, String message) {
    public String text() {
        return path + ": " + message;
    }

    /** Whether another version of the object has the same fault. */
    public boolean isSame(Problem other) {
        return check == other.check && subject.equals(other.subject);
    }
}

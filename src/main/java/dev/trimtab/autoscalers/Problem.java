package dev.trimtab.autoscalers;

import com.fasterxml.jackson.core.JsonPointer;
import dev.trimtab.policy.AibrixCheck;

/** One thing that a check has found. */
public record Problem(AibrixCheck check, Fault fault) {
    /**
     * What is wrong with one field.
     *
     * @param subject the faulty value, without its place: an update that does not change it is not refused
     * @param message what happens otherwise, and what to write
     */
    record Fault(JsonPointer at, String subject, String message) {
        Fault(String at, String subject, String message) {
            this(JsonPointer.compile(at), subject, message);
        }
    }

    public JsonPointer at() {
        return fault.at;
    }

    public String message() {
        return fault.message;
    }

    /** Such as {@code spec.metricsSources[1].targetMetric}. */
    public String path() {
        StringBuilder path = new StringBuilder();
        for (JsonPointer part = fault.at; !part.matches(); part = part.tail()) {
            String name = part.getMatchingProperty();
            if (part.mayMatchElement()) {
                path.append("[").append(name).append("]");
            } else if (name.matches("\\w+")) {
                path.append(path.isEmpty() ? "" : ".").append(name);
            } else {
                path.append("[\"").append(name).append("\"]");
            }
        }
        return path.toString();
    }

    /** For people: the field first. */
    public String text() {
        return path() + ": " + message();
    }

    /** Whether another version of the object has the same fault. */
    public boolean isSame(Problem other) {
        return check == other.check && fault.subject.equals(other.fault.subject);
    }
}

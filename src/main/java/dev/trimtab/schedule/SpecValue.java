package dev.trimtab.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.policy.ClosestWord;
import dev.trimtab.policy.PolicyProblem.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A value in a schedule, with its place. Readers return the value, or empty after they add a problem. An absent value is
 * no problem here.
 *
 * @param field such as {@code spec.uptime[1]}
 */
record SpecValue(String field, JsonNode node, List<ScheduleProblem> problems) {
    private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");

    void refuse(String message) {
        problems.add(new ScheduleProblem(field, message));
    }

    boolean isAbsent() {
        return node.isMissingNode() || node.isNull();
    }

    SpecValue child(String name) {
        return new SpecValue(field + "." + name, node.path(name), problems);
    }

    /** False if it is no map. Each key that is not known is a problem. */
    boolean isMapOf(List<String> known) {
        if (!node.isObject()) {
            return wrongType("a map").isPresent();
        }
        node.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                String hint = ClosestWord.to(key, known)
                        .map(it -> "did you mean " + it + "?")
                        .orElseGet(() -> "known are " + String.join(", ", known));
                refuseKey(key, hint);
            }
        });
        return true;
    }

    private void refuseKey(String key, String hint) {
        if (PLAIN_KEY.matcher(key).matches()) {
            child(key).refuse("is not known; " + hint);
        } else {
            refuse("does not know the key " + Quoted.of(key) + "; " + hint);
        }
    }

    /** The entries of a list, absent ones too. */
    List<SpecValue> list(int most) {
        if (isAbsent()) {
            return List.of();
        }
        if (!node.isArray()) {
            wrongType("a list");
            return List.of();
        }
        if (node.size() > most) {
            refuse("has %d entries; %d are the most".formatted(node.size(), most));
            return List.of();
        }
        List<SpecValue> entries = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            entries.add(new SpecValue("%s[%d]".formatted(field, i), node.get(i), problems));
        }
        return entries;
    }

    Optional<String> text() {
        if (isAbsent()) {
            return Optional.empty();
        }
        return node.isTextual() ? Optional.of(node.textValue()) : wrongType("a text");
    }

    Optional<Boolean> bool() {
        if (isAbsent()) {
            return Optional.empty();
        }
        return node.isBoolean() ? Optional.of(node.booleanValue()) : wrongType("true or false");
    }

    Optional<Long> whole(long least, long most) {
        if (isAbsent()) {
            return Optional.empty();
        }
        if (!node.isIntegralNumber()) {
            return wrongType("a whole number");
        }
        if (!node.canConvertToLong() || node.longValue() < least || node.longValue() > most) {
            refuse(
                    most == Long.MAX_VALUE
                            ? "%s is not in range; %d is the least".formatted(node, least)
                            : "%s is not in range; write %d to %d".formatted(node, least, most));
            return Optional.empty();
        }
        return Optional.of(node.longValue());
    }

    <T> Optional<T> wrongType(String expected) {
        String found = node.isTextual()
                ? Quoted.of(node.textValue())
                : node.isObject() ? "a map" : node.isArray() ? "a list" : isAbsent() ? "nothing" : node.toString();
        refuse("must be %s, not %s".formatted(expected, found));
        return Optional.empty();
    }
}

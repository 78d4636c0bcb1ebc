package dev.trimtab.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A label selector with the meaning that Kubernetes gives to it (apimachinery, pkg/labels/selector.go). */
public record Selector(List<Requirement> requirements) {
    public Selector {
        requirements = List.copyOf(requirements);
    }

    public enum Operator {
        IN("In"),
        NOT_IN("NotIn"),
        EXISTS("Exists"),
        DOES_NOT_EXIST("DoesNotExist");

        private final String term;

        Operator(String term) {
            this.term = term;
        }

        private static Operator of(String term) {
            return Stream.of(values())
                    .filter(it -> it.term.equals(term))
                    .findFirst()
                    .orElseThrow();
        }
    }

    public record Requirement(String key, Operator operator, Set<String> values) {
        public Requirement {
            values = Set.copyOf(values);
        }

        /** As in {@code kubectl get -l}. */
        @Override
        public String toString() {
            String all = String.join(",", new TreeSet<>(values));
            return switch (operator) {
                case IN -> values.size() == 1 ? key + "=" + all : "%s in (%s)".formatted(key, all);
                case NOT_IN -> values.size() == 1 ? key + "!=" + all : "%s notin (%s)".formatted(key, all);
                case EXISTS -> key;
                case DOES_NOT_EXIST -> "!" + key;
            };
        }

        private boolean matches(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
            };
        }
    }

    /** @param selector a {@code LabelSelector} that {@link SelectorReader} has found valid */
    static Selector of(JsonNode selector) {
        List<Requirement> requirements = new ArrayList<>();
        selector.path("matchLabels")
                .properties()
                .forEach(label -> requirements.add(new Requirement(
                        label.getKey(), Operator.IN, Set.of(label.getValue().asText()))));
        for (JsonNode expression : selector.path("matchExpressions")) {
            Set<String> values = new HashSet<>();
            expression.path("values").forEach(it -> values.add(it.asText()));
            requirements.add(new Requirement(
                    expression.path("key").asText(),
                    Operator.of(expression.path("operator").asText()),
                    values));
        }
        return new Selector(requirements);
    }

    public boolean matches(Map<String, String> labels) {
        return requirements.stream().allMatch(it -> it.matches(labels));
    }

    /** The requirements that every API server's list understands, as a query. The others are left to {@link #matches}. */
    public String query() {
        return requirements.stream()
                .filter(it -> it.operator() == Operator.IN && it.values().size() == 1)
                .map(Requirement::toString)
                .sorted()
                .collect(Collectors.joining(","));
    }

    /** Whether one object could have labels that both selectors match. */
    public boolean mayMeet(Selector other) {
        List<Requirement> both = new ArrayList<>(requirements);
        both.addAll(other.requirements);
        return both.stream().collect(Collectors.groupingBy(Requirement::key)).values().stream()
                .allMatch(Selector::canHold);
    }

    /** Whether one label can meet all requirements on its key. */
    private static boolean canHold(List<Requirement> ofKey) {
        boolean absent = ofKey.stream()
                .allMatch(it -> it.operator() == Operator.NOT_IN || it.operator() == Operator.DOES_NOT_EXIST);
        boolean forbidden = ofKey.stream().anyMatch(it -> it.operator() == Operator.DOES_NOT_EXIST);
        if (absent || forbidden) {
            return absent;
        }
        List<Requirement> in =
                ofKey.stream().filter(it -> it.operator() == Operator.IN).toList();
        if (in.isEmpty()) {
            return true;
        }
        Set<String> allowed = new HashSet<>(in.get(0).values());
        in.forEach(it -> allowed.retainAll(it.values()));
        ofKey.stream().filter(it -> it.operator() == Operator.NOT_IN).forEach(it -> allowed.removeAll(it.values()));
        return !allowed.isEmpty();
    }

    /** As in {@code kubectl get -l}. */
    @Override
    public String toString() {
        return requirements.stream().map(Requirement::toString).sorted().collect(Collectors.joining(","));
    }
}

package dev.trimtab.schedule;

import dev.trimtab.knative.validation.QualifiedName;
import dev.trimtab.policy.PolicyProblem.Quoted;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks a label selector: one that the API server would not take, or that selects everything, is a problem. */
final class SelectorReader {
    private static final List<String> OPERATORS = List.of("In", "NotIn", "Exists", "DoesNotExist");
    private static final Set<String> WITH_VALUES = Set.of("In", "NotIn");
    private static final int MOST_EXPRESSIONS = 100;
    private static final int MOST_VALUES = 1000;

    private static final String ADVICE = "name the labels of the services, such as matchLabels: {tier: dev}";

    private SelectorReader() {}

    static void check(SpecValue selector) {
        if (selector.isAbsent()) {
            selector.refuse("is missing; " + ADVICE);
            return;
        }
        if (!selector.isMapOf(List.of("matchLabels", "matchExpressions"))) {
            return;
        }
        SpecValue labels = selector.child("matchLabels");
        SpecValue expressions = selector.child("matchExpressions");
        if (labels.node().isEmpty() && expressions.node().isEmpty()) {
            selector.refuse("is empty, which would select every service of the namespace; " + ADVICE);
        }
        if (!labels.isAbsent()) {
            checkLabels(labels);
        }
        expressions.list(MOST_EXPRESSIONS).forEach(SelectorReader::checkExpression);
    }

    private static void checkLabels(SpecValue labels) {
        if (!labels.node().isObject()) {
            labels.wrongType("a map");
            return;
        }
        labels.node().properties().forEach(label -> {
            SpecValue place = labels.child(label.getKey());
            QualifiedName.objection(label.getKey()).ifPresent(it -> place.refuse("is no key of a label: " + it));
            if (label.getValue().isTextual()) {
                checkValue(label.getValue().textValue(), place);
            } else {
                place.wrongType("a text in quotes");
            }
        });
    }

    private static void checkExpression(SpecValue expression) {
        if (!expression.isMapOf(List.of("key", "operator", "values"))) {
            return;
        }
        SpecValue key = expression.child("key");
        if (key.isAbsent()) {
            key.refuse("is missing; name a label");
        }
        Optional<String> label = key.text();
        label.filter(String::isEmpty).ifPresent(it -> key.refuse("is empty; name a label"));
        label.filter(it -> !it.isEmpty())
                .flatMap(QualifiedName::objection)
                .ifPresent(it -> key.refuse("is no key of a label: " + it));
        SpecValue operator = expression.child("operator");
        if (operator.isAbsent()) {
            operator.refuse("is missing; write one of " + String.join(", ", OPERATORS));
        }
        operator.text().ifPresent(it -> checkValues(it, operator, expression.child("values")));
    }

    private static void checkValue(String value, SpecValue place) {
        QualifiedName.objectionToValue(value).ifPresent(it -> place.refuse(Quoted.of(value) + ": " + it));
    }

    private static void checkValues(String operator, SpecValue place, SpecValue values) {
        List<SpecValue> entries = values.list(MOST_VALUES);
        for (SpecValue entry : entries) {
            if (entry.node().isTextual()) {
                checkValue(entry.node().textValue(), entry);
            } else {
                entry.wrongType("a text in quotes");
            }
        }
        if (!OPERATORS.contains(operator)) {
            place.refuse(Quoted.of(operator) + " is not known; write one of " + String.join(", ", OPERATORS));
        } else if (WITH_VALUES.contains(operator) && values.node().isEmpty()) {
            values.refuse("is empty; " + operator + " compares with at least one value");
        } else if (!WITH_VALUES.contains(operator) && !values.node().isEmpty()) {
            values.refuse("has no meaning with " + operator + "; leave it out");
        }
    }
}

package dev.trimtab.review;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.rules.Decision;
import dev.trimtab.rules.Facts;
import dev.trimtab.stability.Outcome;
import dev.trimtab.stability.Outcome.Course;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines that {@code kubectl apply} prints: one for each clamp or refusal, and at most one that sums up the fills.
 * Kubernetes asks for at most 120 characters and cuts at 256 (Dynamic Admission Control, "warnings").
 */
final class Warnings {
    private static final int LONGEST = 120;
    private static final Pattern COMPONENT = Pattern.compile("/spec/(predictor|transformer|explainer)/([^/]+)");
    private static final int LONGEST_VALUE = 24;

    private Warnings() {}

    /**
     * @param lead start of each line
     * @param verb for the fills: {@code filled}, {@code will get} and so on
     * @param audit whether Trimtab only warns, so that refusals become warnings
     */
    static List<String> of(List<Decision> decisions, String lead, String verb, boolean audit) {
        List<String> lines = new ArrayList<>();
        List<String> fills = new ArrayList<>();
        boolean refused = false;
        for (Decision decision : decisions) {
            if (decision instanceof Decision.Refused) {
                refused = true;
                if (audit) {
                    lines.add(shortened(lead + "would refuse: " + decision.because()));
                }
            } else if (decision instanceof Decision.Clamped it) {
                lines.add(shortened(lead + (audit ? it.ifEnforced() : it.because())));
            } else if (decision instanceof Decision.KnativeRefuses || decision instanceof Decision.Warned) {
                lines.add(shortened(lead + decision.because()));
            } else if (decision instanceof Decision.Filled fill && !fill.pinned()) {
                String note = fill.note().isEmpty() ? "" : " (" + fill.note() + ")";
                String value = fill.value().isContainerNode() ? "" : "=" + value(fill.value());
                fills.add(name(fill.at()) + value + note);
            }
        }
        // A refused object is not stored, so nothing was filled.
        if (!refused && !fills.isEmpty()) {
            lines.add(summary(lead + verb + " ", fills));
        }
        return lines;
    }

    private static String summary(String start, List<String> fills) {
        String all = start + String.join(", ", fills);
        for (int shown = fills.size() - 1; all.length() > LONGEST && shown > 0; shown--) {
            all = start + String.join(", ", fills.subList(0, shown)) + " and " + (fills.size() - shown) + " more";
        }
        return shortened(all);
    }

    static String shortened(String line) {
        return shortened(line, LONGEST);
    }

    static String shortened(String line, int longest) {
        return line.length() <= longest ? line : line.substring(0, longest - 1) + "…";
    }

    /** The last part of a pointer, without an annotation's domain. With the component's name for one of its fields. */
    static String name(JsonPointer at) {
        Matcher component = COMPONENT.matcher(at.toString());
        if (component.matches()) {
            return component.group(1) + "." + component.group(2);
        }
        JsonPointer named = at.last().mayMatchElement() && !at.head().matches() ? at.head() : at;
        String last = named.last().getMatchingProperty();
        return last.substring(last.indexOf('/') + 1);
    }

    private static String value(JsonNode value) {
        String text = value.isTextual() ? value.textValue() : value.toString();
        return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE - 1) + "…";
    }

    /** Warnings and refusals for the author of an object. In Audit mode there are no refusals. */
    static final class Notices {
        private final boolean audit;
        private final List<String> warnings = new ArrayList<>();
        private final List<String> refusals = new ArrayList<>();

        Notices(Facts facts, Outcome outcome) {
            audit = facts.policy().mode() == Mode.AUDIT && outcome.course() != Course.REPLAYED;
            add(outcome.decisions(), "", audit ? "would fill" : "filled");
        }

        void addAdvice(List<Decision> decisions) {
            add(decisions, "", "");
        }

        void addForecast(String component, List<Decision> decisions) {
            add(decisions, component + ": ", audit ? "would get" : "will get");
        }

        private void add(List<Decision> decisions, String component, String verb) {
            warnings.addAll(Warnings.of(decisions, "trimtab: " + (audit ? "(audit) " : "") + component, verb, audit));
            if (!audit) {
                decisions.stream()
                        .filter(Decision.Refused.class::isInstance)
                        .map(decision -> component + decision.because())
                        .forEach(refusals::add);
            }
        }

        List<String> warnings() {
            return List.copyOf(warnings);
        }

        /** Empty if the object may be stored. */
        String refusal() {
            return String.join("; ", refusals);
        }
    }
}

package dev.trimtab.review;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.review.AutoscalerGuard.AutoscalerVerdict;
import dev.trimtab.rules.Decision;
import dev.trimtab.stability.Outcome.Course;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * @param kind {@link Kind#OTHER} if Trimtab does not review the object
 * @param forecasts decisions on each Service that KServe will render, by component
 * @param warnings each at most 120 characters, or 256 from the checks of a PodAutoscaler
 * @param refusal why the object must not be stored, or empty
 */
public record Review(
        Kind kind,
        Course course,
        ObjectNode result,
        List<Decision> decisions,
        Map<String, List<Decision>> forecasts,
        List<String> warnings,
        String refusal) {
    public Review {
        decisions = List.copyOf(decisions);
        forecasts = Collections.unmodifiableMap(new LinkedHashMap<>(forecasts));
        warnings = List.copyOf(warnings);
    }

    /** Leaves the object unchanged. */
    static Review judged(AdmissionRequest request, List<Decision> decisions, List<String> warnings, String refusal) {
        Kind kind = request.object().map(Manifest::kind).orElse(Kind.OTHER);
        ObjectNode same = request.object().map(Manifest::root).orElseGet(JsonNodeFactory.instance::objectNode);
        return new Review(kind, Course.LEFT, same, decisions, Map.of(), warnings, refusal);
    }

    public Review with(AutoscalerVerdict verdict) {
        List<String> all = new ArrayList<>(warnings);
        all.addAll(verdict.said());
        return new Review(
                kind, course, result, decisions, forecasts, all, refusal.isEmpty() ? verdict.refusal() : refusal);
    }

    Review with(List<Decision> more) {
        List<Decision> all = new ArrayList<>(decisions);
        all.addAll(more);
        return new Review(kind, course, result, all, forecasts, warnings, refusal);
    }

    public boolean isAllowed() {
        return refusal.isEmpty();
    }

    public String outcome(boolean patched) {
        if (!isAllowed()) {
            return "denied";
        }
        return patched ? "mutated" : "unchanged";
    }
}

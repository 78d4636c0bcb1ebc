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
 * What a review came to, before it becomes an answer for somebody.
 *
 * @param kind of the object; {@link Kind#OTHER} for what is not Trimtab's
 * @param course which part of the stability contract applied
 * @param result the document as it should be stored
 * @param decisions what was done and left, and why
 * @param forecasts for what KServe renders: the same for each Service that will come of it, by component
 * @param warnings for the author, each at most 120 characters
 * @param refusal why the object must not be stored; empty where it may
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

    /** Of an object that is not changed. */
    static Review judged(AdmissionRequest request, List<Decision> decisions, List<String> warnings, String refusal) {
        Kind kind = request.object().map(Manifest::kind).orElse(Kind.OTHER);
        ObjectNode same = request.object().map(Manifest::root).orElseGet(JsonNodeFactory.instance::objectNode);
        return new Review(kind, Course.LEFT, same, decisions, Map.of(), warnings, refusal);
    }

    /** With what the checks of a PodAutoscaler say of it once it is filled. */
    public Review with(AutoscalerVerdict verdict) {
        List<String> all = new ArrayList<>(warnings);
        all.addAll(verdict.said());
        return new Review(
                kind, course, result, decisions, forecasts, all, refusal.isEmpty() ? verdict.refusal() : refusal);
    }

    public boolean isAllowed() {
        return refusal.isEmpty();
    }

    /** One word for metrics and logs. */
    public String outcome(boolean patched) {
        if (!isAllowed()) {
            return "denied";
        }
        return patched ? "mutated" : "unchanged";
    }
}

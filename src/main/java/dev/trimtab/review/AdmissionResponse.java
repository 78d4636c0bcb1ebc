package dev.trimtab.review;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.rules.Decision;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The response of an endpoint to an AdmissionReview, with what metrics and the log need.
 *
 * @param patch RFC 6902 operations from the object as sent to the object as reviewed
 */
public record AdmissionResponse(AdmissionRequest request, Endpoint endpoint, Review review, ArrayNode patch) {
    public enum Endpoint {
        /** Fills and clamps. */
        MUTATE(403, "trimtab: "),
        /** Keeps stopped services down and refuses PodAutoscalers that cannot work. */
        GUARD(403, "trimtab: "),
        /** Refuses invalid policies. Each problem names its place. */
        POLICY(422, "");

        private final int code;
        private final String lead;

        Endpoint(int code, String lead) {
            this.code = code;
            this.lead = lead;
        }
    }

    static AdmissionResponse of(Endpoint endpoint, AdmissionRequest request, Review review) {
        ArrayNode patch = request.object()
                .filter(object -> endpoint == Endpoint.MUTATE && review.isAllowed())
                .map(object -> Pointers.diff(object.root(), review.result()))
                .orElseGet(JsonNodeFactory.instance::arrayNode);
        return new AdmissionResponse(request, endpoint, review, patch);
    }

    /** For metrics and the log: mutated, unchanged, denied, or warned by a guard in Audit mode. */
    public String outcome() {
        boolean warned = isAllowed() && !isMutating() && !review.decisions().isEmpty();
        return warned ? "warned" : review.outcome(!patch.isEmpty());
    }

    public boolean isMutating() {
        return endpoint == Endpoint.MUTATE;
    }

    public boolean isAllowed() {
        return review.isAllowed();
    }

    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        ObjectNode response =
                json.putObject("response").put("uid", request.uid()).put("allowed", isAllowed());
        if (!isAllowed()) {
            response.putObject("status").put("code", endpoint.code).put("message", endpoint.lead + review.refusal());
        }
        if (!patch.isEmpty()) {
            byte[] operations = patch.toString().getBytes(StandardCharsets.UTF_8);
            response.put("patchType", "JSONPatch")
                    .put("patch", Base64.getEncoder().encodeToString(operations));
        }
        if (!review.warnings().isEmpty()) {
            review.warnings().forEach(response.putArray("warnings")::add);
        }
        if (isMutating()) {
            ObjectNode audit = response.putObject("auditAnnotations");
            auditAnnotations().forEach(audit::put);
        }
        return json;
    }

    /** The lines of all decisions by outcome. The API server puts the webhook's name before each key. */
    private Map<String, String> auditAnnotations() {
        Map<String, String> annotations = new TreeMap<>();
        annotations.put("course", review.course().name().toLowerCase(Locale.ROOT));
        for (Decision decision : review.decisions()) {
            add(annotations, decision.outcome(), Explanation.line(decision));
        }
        review.forecasts()
                .forEach((component, decisions) -> decisions.forEach(decision -> add(
                        annotations,
                        "forecast",
                        component + " " + decision.outcome() + " " + Explanation.line(decision))));
        return annotations;
    }

    private static void add(Map<String, String> annotations, String key, String line) {
        annotations.merge(key, line, (one, other) -> one + "; " + other);
    }
}

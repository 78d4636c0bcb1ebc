package dev.trimtab.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Kind;
import dev.trimtab.rules.Decision;
import dev.trimtab.stability.Outcome.Course;
import io.fabric8.zjsonpatch.DiffFlags;
import io.fabric8.zjsonpatch.JsonDiff;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The answer to an AdmissionReview, and what metrics and the log want to know of it.
 *
 * @param uid of the request
 * @param operation of the request, as the API server names it
 * @param namespace of the object
 * @param name of the object
 * @param review what the object came to
 * @param patch RFC 6902 operations from the object as sent to the object as reviewed; empty where nothing changes
 */
public record Answer(String uid, String operation, String namespace, String name, Review review, ArrayNode patch) {
    /**
     * Moves and copies are switched off: with them zjsonpatch 7.6 makes patches that do not apply to maps with numeric
     * keys, which labels and annotations may have.
     */
    private static final EnumSet<DiffFlags> PLAIN = DiffFlags.dontNormalizeOpIntoMoveAndCopy();

    private static final int STATUS_FORBIDDEN = 403;

    static Answer of(AdmissionRequest request, Review review) {
        JsonNode before = request.object().orElseThrow().root();
        ArrayNode patch = review.isAllowed() ? diff(before, review.result()) : JsonNodeFactory.instance.arrayNode();
        return new Answer(request.uid(), request.operation(), request.namespace(), request.name(), review, patch);
    }

    static Answer unchanged(AdmissionRequest request, String because) {
        ObjectNode nothing = JsonNodeFactory.instance.objectNode();
        List<Decision> decisions = List.of(new Decision.Left("scope", because));
        Kind kind = request.object().map(it -> it.kind()).orElse(Kind.OTHER);
        return new Answer(
                request.uid(),
                request.operation(),
                request.namespace(),
                request.name(),
                new Review(kind, Course.LEFT, nothing, decisions, Map.of(), List.of(), ""),
                JsonNodeFactory.instance.arrayNode());
    }

    /** The operations that turn one document into the other. */
    public static ArrayNode diff(JsonNode before, JsonNode after) {
        return (ArrayNode) JsonDiff.asJson(before, after, PLAIN);
    }

    /** One word for metrics and the log: mutated, unchanged or denied. */
    public String outcome() {
        return review.outcome(!patch.isEmpty());
    }

    /** The AdmissionReview to send back. */
    public ObjectNode toJson() {
        ObjectNode json = envelope(uid, review.isAllowed());
        ObjectNode response = (ObjectNode) json.get("response");
        if (!review.isAllowed()) {
            refuse(response, STATUS_FORBIDDEN, "trimtab: " + review.refusal());
        }
        if (!patch.isEmpty()) {
            response.put("patchType", "JSONPatch");
            response.put(
                    "patch", Base64.getEncoder().encodeToString(patch.toString().getBytes(StandardCharsets.UTF_8)));
        }
        if (!review.warnings().isEmpty()) {
            review.warnings().forEach(response.putArray("warnings")::add);
        }
        ObjectNode audit = response.putObject("auditAnnotations");
        auditAnnotations().forEach(audit::put);
        return json;
    }

    static ObjectNode envelope(String uid, boolean allowed) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        json.putObject("response").put("uid", uid).put("allowed", allowed);
        return json;
    }

    static void refuse(ObjectNode response, int code, String message) {
        response.putObject("status").put("code", code).put("message", message);
    }

    private static void add(Map<String, String> annotations, String key, String line) {
        annotations.merge(key, line, (one, other) -> one + "; " + other);
    }

    /** What was done and why, whole, by outcome; the API server puts the webhook's name before each key. */
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
}

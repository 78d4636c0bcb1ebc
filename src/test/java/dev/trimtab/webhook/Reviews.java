package dev.trimtab.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.util.Base64;

/** AdmissionReviews to send, and what comes back. */
public final class Reviews {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Reviews() {}

    /** A review of a CREATE. */
    public static ObjectNode create(String namespace, String object) {
        return review("CREATE", namespace, object, null);
    }

    public static ObjectNode review(String operation, String namespace, String object, String oldObject) {
        ObjectNode review =
                JSON.createObjectNode().put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        ObjectNode request = review.putObject("request")
                .put("uid", "705ab4f5-6393-11e8-b7cc-42010a800002")
                .put("operation", operation)
                .put("namespace", namespace);
        request.set("object", object == null ? JSON.nullNode() : read(object));
        request.set("oldObject", oldObject == null ? JSON.nullNode() : read(oldObject));
        return review;
    }

    /** A Knative Service with these template annotations. */
    public static String service(String annotations) {
        return """
                {"apiVersion": "serving.knative.dev/v1", "kind": "Service", "metadata": {"name": "hello"},
                 "spec": {"template": {"metadata": {"annotations": %s},
                  "spec": {"containers": [{"image": "example/model:1", "resources": {"limits": {"cpu": 1, "nvidia.com/gpu": "1"}}}]}}}}
                """.formatted(annotations);
    }

    /** The object after the patch of an answer; the object itself where there is none. */
    public static JsonNode patched(ObjectNode review, JsonNode answer) {
        JsonNode object = review.at("/request/object");
        String patch = answer.at("/response/patch").asText();
        return patch.isEmpty()
                ? object
                : JsonPatch.apply(read(Base64.getDecoder().decode(patch)), object);
    }

    public static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }

    private static JsonNode read(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException malformed) {
            throw new IllegalArgumentException(malformed);
        }
    }
}

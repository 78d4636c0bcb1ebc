package dev.trimtab.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.review.AdmissionRequest.MalformedReview;
import dev.trimtab.snapshot.Settings;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** AdmissionReviews as the API server sends them, and what it makes of the answer. */
public final class Requests {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Requests() {}

    /** A CREATE where nothing is stored, else an UPDATE. */
    public static ObjectNode of(ObjectNode object, Optional<ObjectNode> stored, boolean dryRun) {
        ObjectNode review = JsonNodeFactory.instance.objectNode();
        review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        String namespace = new Manifest(object).namespace();
        ObjectNode request = review.putObject("request")
                .put("uid", "705ab4f5-6393-11e8-b7cc-42010a800002")
                .put("operation", stored.isPresent() ? "UPDATE" : "CREATE")
                .put("namespace", namespace.isEmpty() ? "default" : namespace)
                .put("name", new Manifest(object).name())
                .put("dryRun", dryRun);
        request.set("object", object);
        request.set("oldObject", stored.<JsonNode>map(it -> it).orElse(JsonNodeFactory.instance.nullNode()));
        return review;
    }

    /** Sends one; the object and the answer must not be changed by it. */
    public static AdmissionResponse send(Reviewer reviewer, ObjectNode review, Settings settings) {
        try {
            return reviewer.answer(AdmissionRequest.parse(review), settings);
        } catch (MalformedReview malformed) {
            throw new AssertionError(malformed);
        }
    }

    /** The same from a namespace that its people had Trimtab keep off. */
    public static AdmissionResponse sendIgnored(Reviewer reviewer, ObjectNode review, Settings settings) {
        try {
            return reviewer.replay(AdmissionRequest.parse(review), settings);
        } catch (MalformedReview malformed) {
            throw new AssertionError(malformed);
        }
    }

    /** The object after the patch that stands in the answer as it goes over the wire. */
    public static ObjectNode patched(ObjectNode object, AdmissionResponse answer) {
        JsonNode patch = answer.toJson().path("response").path("patch");
        if (patch.isMissingNode()) {
            return object.deepCopy();
        }
        try {
            return (ObjectNode) JsonPatch.apply(JSON.readTree(patch.binaryValue()), object.deepCopy());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

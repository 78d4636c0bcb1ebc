package dev.trimtab.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import java.util.Optional;

/**
 * The request of an {@code admission.k8s.io/v1} AdmissionReview, as far as Trimtab reads it.
 *
 * @param namespace from the API server, which names it even if the manifest does not
 * @param name empty if the API server is yet to generate one
 * @param subResource empty for the object itself
 * @param object as it would be stored; empty on DELETE
 * @param oldObject as it is stored; empty on CREATE
 */
public record AdmissionRequest(
        String uid,
        String operation,
        String namespace,
        String name,
        String subResource,
        Optional<Manifest> object,
        Optional<Manifest> oldObject) {

    /** @throws MalformedReview if the body is no AdmissionReview v1; the caller answers 400 */
    public static AdmissionRequest parse(JsonNode review) throws MalformedReview {
        if (!review.isObject()) {
            throw new MalformedReview("expected an AdmissionReview, got " + described(review));
        }
        String version = review.path("apiVersion").asText();
        String kind = review.path("kind").asText();
        if (!"admission.k8s.io/v1".equals(version) || !"AdmissionReview".equals(kind)) {
            throw new MalformedReview(
                    "expected kind AdmissionReview of apiVersion admission.k8s.io/v1, got kind \"%s\" of apiVersion \"%s\""
                            .formatted(Warnings.shortened(kind, 60), Warnings.shortened(version, 60)));
        }
        JsonNode request = review.path("request");
        if (!request.isObject()) {
            throw new MalformedReview("the AdmissionReview has no request");
        }
        String uid = text(request, "uid")
                .orElseThrow(() -> new MalformedReview("the request has no uid, which the answer must repeat"));
        Optional<Manifest> object = manifest(request.path("object"));
        return new AdmissionRequest(
                uid,
                text(request, "operation").orElse(""),
                text(request, "namespace")
                        .orElseGet(() -> object.map(Manifest::namespace).orElse("")),
                text(request, "name").orElseGet(() -> object.map(Manifest::name).orElse("")),
                text(request, "subResource").orElse(""),
                object,
                manifest(request.path("oldObject")));
    }

    public boolean isCreate() {
        return "CREATE".equals(operation);
    }

    public boolean isUpdate() {
        return "UPDATE".equals(operation);
    }

    public String kind() {
        return object.map(Manifest::kindName).orElse("");
    }

    /** The stored object on UPDATE. Empty for every other operation. */
    Optional<Manifest> stored() {
        return isUpdate() ? oldObject : Optional.empty();
    }

    private static Optional<Manifest> manifest(JsonNode node) {
        return node instanceof ObjectNode root ? Optional.of(new Manifest(root)) : Optional.empty();
    }

    private static Optional<String> text(JsonNode request, String field) {
        return Optional.ofNullable(request.path(field).textValue()).filter(it -> !it.isEmpty());
    }

    private static String described(JsonNode node) {
        return switch (node.getNodeType()) {
            case MISSING -> "nothing";
            case NULL -> "null";
            case ARRAY -> "a list";
            default -> "a bare value";
        };
    }

    /** The body is no AdmissionReview v1. The message is one line for the caller: what is wrong, and where. */
    public static final class MalformedReview extends Exception {
        private static final long serialVersionUID = 1L;

        public MalformedReview(String message) {
            super(message);
        }
    }
}

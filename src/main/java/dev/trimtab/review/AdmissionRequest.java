package dev.trimtab.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import java.util.Optional;

/**
 * The request of an {@code admission.k8s.io/v1} AdmissionReview, as far as Trimtab reads it.
 *
 * @param uid echoed in the answer
 * @param operation CREATE, UPDATE, DELETE or CONNECT
 * @param namespace of the object; the API server names it even where the manifest does not
 * @param name empty where the API server is yet to generate one
 * @param subResource empty for the object itself
 * @param object the object as it would be stored, empty on DELETE
 * @param oldObject the object as it is stored, empty on CREATE
 */
record AdmissionRequest(
        String uid,
        String operation,
        String namespace,
        String name,
        String subResource,
        Optional<Manifest> object,
        Optional<Manifest> oldObject) {

    static AdmissionRequest parse(JsonNode review) throws MalformedReview {
        if (!review.isObject()) {
            throw new MalformedReview("expected an AdmissionReview, got " + described(review));
        }
        String version = review.path("apiVersion").asText();
        String kind = review.path("kind").asText();
        if (!"admission.k8s.io/v1".equals(version) || !"AdmissionReview".equals(kind)) {
            throw new MalformedReview(
                    "expected kind AdmissionReview of apiVersion admission.k8s.io/v1, got kind \"%s\" of apiVersion \"%s\""
                            .formatted(shortened(kind), shortened(version)));
        }
        JsonNode request = review.path("request");
        if (!request.isObject()) {
            throw new MalformedReview("the AdmissionReview has no request");
        }
        JsonNode uid = request.path("uid");
        if (!uid.isTextual() || uid.textValue().isEmpty()) {
            throw new MalformedReview("the request has no uid, which the answer must repeat");
        }
        Optional<Manifest> object = manifest(request.path("object"));
        return new AdmissionRequest(
                uid.textValue(),
                text(request.path("operation")).orElse(""),
                text(request.path("namespace"))
                        .orElseGet(() -> object.map(Manifest::namespace).orElse("")),
                text(request.path("name"))
                        .orElseGet(() -> object.map(Manifest::name).orElse("")),
                text(request.path("subResource")).orElse(""),
                object,
                manifest(request.path("oldObject")));
    }

    private static Optional<Manifest> manifest(JsonNode node) {
        return node instanceof ObjectNode root ? Optional.of(new Manifest(root)) : Optional.empty();
    }

    private static Optional<String> text(JsonNode node) {
        return Optional.of(node)
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .filter(it -> !it.isEmpty());
    }

    private static String described(JsonNode node) {
        return switch (node.getNodeType()) {
            case MISSING -> "nothing";
            case NULL -> "null";
            case ARRAY -> "a list";
            default -> "a bare value";
        };
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}

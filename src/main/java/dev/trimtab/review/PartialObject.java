package dev.trimtab.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kserve.Model.ModelBlock;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import java.util.List;
import java.util.Optional;

/**
 * An object that lacks a needed part, such as a kustomize patch. Fills in a patch would override the object that it is
 * applied to.
 *
 * @param what the missing part, and where
 * @param isRefused whether the cluster refuses such an object; else it is stored and does nothing
 */
public record PartialObject(String what, boolean isRefused) {
    private static final List<String> SERVED =
            List.of("storageUri", "storage", "image", "command", "args", "env", "protocolVersion");

    /** Empty for a complete object, and for kinds that Trimtab does not review. */
    public static Optional<PartialObject> of(Manifest object) {
        JsonNode spec = object.root().path("spec");
        return switch (object.kind()) {
            case KNATIVE_SERVICE, DEPLOYMENT ->
                spec.at("/template/spec/containers").valueStream().anyMatch(PartialObject::hasImage)
                        ? Optional.empty()
                        : refused("spec.template.spec has no container with an image");
            case INFERENCE_SERVICE -> inferenceService(spec);
            case INFERENCE_GRAPH ->
                spec.path("nodes").isObject() && !spec.path("nodes").isEmpty()
                        ? Optional.empty()
                        : refused("spec has no nodes");
            case POD_AUTOSCALER ->
                spec.path("scaleTargetRef").isObject() ? Optional.empty() : refused("spec has no scaleTargetRef");
            case OTHER -> Optional.empty();
        };
    }

    private static Optional<PartialObject> refused(String what) {
        return Optional.of(new PartialObject(what, true));
    }

    private static Optional<PartialObject> inferenceService(JsonNode spec) {
        if (!spec.path("predictor").isObject()) {
            return refused("spec has no predictor");
        }
        JsonNode predictor = spec.path("predictor");
        JsonNode containers = predictor.path("containers");
        JsonNode model = predictor.path("model");
        Optional<JsonNode> framework = ModelBlock.framework(predictor).map(predictor::path);
        if (!model.isObject() && framework.isEmpty() && (!containers.isArray() || containers.isEmpty())) {
            return refused("spec.predictor has neither model nor containers");
        }
        if (model.isObject()) {
            boolean said = !Pointers.isAbsent(model.path("modelFormat")) || !Pointers.isAbsent(model.path("runtime"));
            return said ? Optional.empty() : stored("spec.predictor.model has neither modelFormat nor runtime");
        }
        boolean serves = framework.filter(PartialObject::saysWhatItServes).isPresent()
                || containers.valueStream().anyMatch(PartialObject::hasImage);
        return serves ? Optional.empty() : stored("spec.predictor does not say what it serves, nor with which image");
    }

    private static Optional<PartialObject> stored(String what) {
        return Optional.of(new PartialObject(what, false));
    }

    private static boolean saysWhatItServes(JsonNode block) {
        return SERVED.stream().anyMatch(field -> !Pointers.isAbsent(block.path(field)));
    }

    private static boolean hasImage(JsonNode container) {
        return !container.path("image").asText("").isEmpty();
    }
}

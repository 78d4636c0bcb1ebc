package dev.trimtab.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kserve.Model;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Namespaced;
import java.util.Optional;

/** The models of a cluster. KServe's rendered objects do not name the model's format. */
public record Models(Namespaced<Model> byInferenceService) {
    public static final Models UNKNOWN = new Models(Namespaced.empty());

    /** Whether KServe rendered the object for an InferenceService. */
    public static boolean isOfInferenceService(Manifest object) {
        return object.labels().containsKey(KnativeService.INFERENCE_SERVICE_LABEL);
    }

    /** Empty if the InferenceService is unknown, or if the object belongs to an older one of the same name. */
    public Optional<Model> of(Manifest rendered, String namespace) {
        String name = rendered.labels().getOrDefault(KnativeService.INFERENCE_SERVICE_LABEL, "");
        Optional<String> owner = ownerUid(rendered);
        return byInferenceService
                .find(namespace, name)
                .filter(model -> owner.isEmpty() || owner.get().equals(model.uid()));
    }

    /** UID of the InferenceService that owns the object. */
    public static Optional<String> ownerUid(Manifest rendered) {
        for (JsonNode owner : rendered.metadata().path("ownerReferences")) {
            if ("InferenceService".equals(owner.path("kind").asText())) {
                return Optional.of(owner.path("uid").asText()).filter(it -> !it.isEmpty());
            }
        }
        return Optional.empty();
    }

    public Models with(String namespace, String inferenceService, Model model) {
        return new Models(byInferenceService.with(namespace, inferenceService, model));
    }

    public Models without(String namespace, String inferenceService) {
        return new Models(byInferenceService.without(namespace, inferenceService));
    }
}

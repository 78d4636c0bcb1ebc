package dev.trimtab.kserve;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.manifest.Manifest;
import java.util.Optional;

/**
 * The model of an InferenceService.
 *
 * @param uid of the InferenceService: one of the same name that comes after it is another; empty before it is stored
 * @param format {@code modelFormat.name} of the predictor; empty where it brings its own container
 */
public record Model(String uid, Optional<String> format) {
    /** Of what has no InferenceService. */
    public static final Model NONE = new Model("", Optional.empty());

    public Model {
        requireNonNull(uid, "uid");
        requireNonNull(format, "format");
    }

    public static Model of(Manifest inferenceService) {
        JsonNode predictor = inferenceService.root().path("spec").path("predictor");
        JsonNode written = predictor.path("model").path("modelFormat").path("name");
        Optional<String> format = written.isTextual() && !written.textValue().isEmpty()
                ? Optional.of(written.textValue())
                : ModelBlock.framework(predictor);
        return new Model(inferenceService.metadata().path("uid").asText(""), format);
    }
}

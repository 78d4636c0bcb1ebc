package dev.trimtab.kserve;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.manifest.Manifest;
import java.util.List;
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

    /** The blocks that stand for a format of their own (kserve 0.20, predictor.go 35-91); KServe's defaulter moves them. */
    private static final List<String> FRAMEWORKS = List.of(
            "sklearn",
            "xgboost",
            "tensorflow",
            "pytorch",
            "triton",
            "onnx",
            "huggingface",
            "pmml",
            "lightgbm",
            "paddle");

    public Model {
        requireNonNull(uid, "uid");
        requireNonNull(format, "format");
    }

    public static Model of(Manifest inferenceService) {
        JsonNode predictor = inferenceService.root().path("spec").path("predictor");
        JsonNode written = predictor.path("model").path("modelFormat").path("name");
        Optional<String> format = written.isTextual() && !written.textValue().isEmpty()
                ? Optional.of(written.textValue())
                : FRAMEWORKS.stream()
                        .filter(name -> predictor.path(name).isObject())
                        .findFirst();
        return new Model(inferenceService.metadata().path("uid").asText(""), format);
    }
}

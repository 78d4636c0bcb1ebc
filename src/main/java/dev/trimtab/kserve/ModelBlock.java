package dev.trimtab.kserve;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a component says which model it serves: {@code model}, or the older block of a framework, which stands for a
 * format of its own until KServe's defaulter moves it (kserve 0.20, predictor.go 35-91).
 */
public final class ModelBlock {
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

    /** An explainer's. */
    private static final String ART = "art";

    private ModelBlock() {}

    /** The framework whose block a predictor has; it is the model's format. */
    public static Optional<String> framework(JsonNode predictor) {
        return FRAMEWORKS.stream()
                .filter(name -> predictor.path(name).isObject())
                .findFirst();
    }

    /** What KServe makes a container of; empty where a component brings its own. */
    static Optional<JsonNode> of(JsonNode component) {
        return name(component).map(component::path);
    }

    /** What that is called. */
    static Optional<String> name(JsonNode component) {
        return Stream.of(Stream.of("model"), FRAMEWORKS.stream(), Stream.of(ART))
                .flatMap(names -> names)
                .filter(name -> component.path(name).isObject())
                .findFirst();
    }
}

package dev.trimtab.kserve;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kserve.Model.ModelBlock;
import dev.trimtab.manifest.Manifest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The model of an InferenceService.
 *
 * @param uid of the InferenceService; empty before it is stored
 * @param format {@code modelFormat.name} of the predictor; empty if it brings its own container
 */
public record Model(String uid, Optional<String> format) {
    public static final Model NONE = new Model("", Optional.empty());

    /** Formats in the runtimes of KServe 0.20 and Red Hat OpenShift AI. */
    private static final List<String> WELL_KNOWN = List.of(
            ("caikit huggingface lightgbm mlflow onnx openvino_ir paddle pmml pytorch sklearn tensorflow tensorrt"
                            + " triton vLLM xgboost")
                    .split(" ", -1));

    /** The runtime by its format. KServe chooses the image of these by the container's limits. */
    private static final Map<String, String> IMAGES_BY_LIMITS = Map.of(
            "huggingface", "kserve-huggingfaceserver",
            "tensorflow", "kserve-tensorflow-serving",
            "pytorch", "kserve-torchserve",
            "vllm", "kserve-vllmserver");

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

    /**
     * The block in which a component names its model: {@code model}, or the older block of a framework. KServe's
     * defaulter moves the older block to {@code model} (kserve 0.20, predictor.go 35-91).
     */
    public static final class ModelBlock {
        private static final List<String> FRAMEWORKS = List.of(
                "sklearn xgboost tensorflow pytorch triton onnx huggingface pmml lightgbm paddle".split(" ", -1));

        /** Only in explainers. */
        private static final String ART = "art";

        private ModelBlock() {}

        /** The framework of the predictor's older block. Its name is the model's format. */
        public static Optional<String> framework(JsonNode predictor) {
            return FRAMEWORKS.stream()
                    .filter(name -> predictor.path(name).isObject())
                    .findFirst();
        }

        /** Empty if the component brings its own container. */
        static Optional<JsonNode> of(JsonNode component) {
            return name(component).map(component::path);
        }

        static Optional<String> name(JsonNode component) {
            return Stream.of(Stream.of("model"), FRAMEWORKS.stream(), Stream.of(ART))
                    .flatMap(names -> names)
                    .filter(name -> component.path(name).isObject())
                    .findFirst();
        }
    }

    /**
     * Whether KServe chooses between a CPU and a GPU image by the container's limits. It does so for four of its own
     * servers, by the name of the runtime (kserve 0.20, UpdateImageTag and GetServerTypeFromRuntimeName). {@code
     * kserve-huggingfaceserver-multinode} asks for the GPU itself.
     */
    public static boolean isImageByLimits(Manifest inferenceService) {
        JsonNode predictor = inferenceService.root().path("spec").path("predictor");
        JsonNode model = ModelBlock.of(predictor).orElse(predictor.path("model"));
        String runtime = model.path("runtime").asText("");
        if (!runtime.isEmpty()) {
            return IMAGES_BY_LIMITS.containsValue(runtime);
        }
        Optional<String> format = of(inferenceService).format();
        return !predictor.has("workerSpec")
                && format.filter(it -> IMAGES_BY_LIMITS.containsKey(it.toLowerCase(Locale.ROOT)))
                        .isPresent();
    }

    /** The well-known format that differs only in capitals. Empty if there is none. */
    public static Optional<String> inOtherCapitals(String format) {
        return WELL_KNOWN.stream()
                .filter(it -> it.equalsIgnoreCase(format) && !it.equals(format))
                .findFirst();
    }
}

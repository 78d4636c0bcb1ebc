package dev.trimtab.kserve;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kserve.Model.ModelBlock;
import dev.trimtab.manifest.Manifest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

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

    /**
     * Where a component says which model it serves: {@code model}, or the older block of a framework, which stands for a
     * format of its own until KServe's defaulter moves it (kserve 0.20, predictor.go 35-91).
     */
    public static final class ModelBlock {
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

    /**
     * For which models KServe picks between the image of a server for CPUs and the one for GPUs, by the limits of the
     * container: for four of its own servers, told by the name of the runtime (kserve 0.20, UpdateImageTag and
     * GetServerTypeFromRuntimeName). {@code kserve-huggingfaceserver-multinode} asks for the GPU itself, and so gets its image.
     */
    public static final class GpuImages {
        private static final Set<String> RUNTIMES = Set.of(
                "kserve-huggingfaceserver", "kserve-tensorflow-serving", "kserve-torchserve", "kserve-vllmserver");

        /** The formats that KServe finds one of these runtimes for. */
        private static final Set<String> FORMATS = Set.of("huggingface", "tensorflow", "pytorch", "vllm");

        private GpuImages() {}

        public static boolean dependOnLimits(Manifest inferenceService) {
            JsonNode predictor = inferenceService.root().path("spec").path("predictor");
            JsonNode model = ModelBlock.of(predictor).orElse(predictor.path("model"));
            String runtime = model.path("runtime").asText("");
            if (!runtime.isEmpty()) {
                return RUNTIMES.contains(runtime);
            }
            Optional<String> format = Model.of(inferenceService).format();
            return !predictor.has("workerSpec")
                    && format.filter(it -> FORMATS.contains(it.toLowerCase(Locale.ROOT)))
                            .isPresent();
        }
    }

    /** The names of model formats, as the runtimes that ship with KServe 0.20 and with Red Hat OpenShift AI write them. */
    public static final class ModelFormats {
        private static final List<String> WELL_KNOWN = List.of(
                "caikit",
                "huggingface",
                "lightgbm",
                "mlflow",
                "onnx",
                "openvino_ir",
                "paddle",
                "pmml",
                "pytorch",
                "sklearn",
                "tensorflow",
                "tensorrt",
                "triton",
                "vLLM",
                "xgboost");

        private ModelFormats() {}

        /** How a format is written elsewhere; empty if it is written so, or is not well known. */
        public static Optional<String> inOtherCapitals(String format) {
            return WELL_KNOWN.stream()
                    .filter(it -> it.equalsIgnoreCase(format) && !it.equals(format))
                    .findFirst();
        }
    }
}

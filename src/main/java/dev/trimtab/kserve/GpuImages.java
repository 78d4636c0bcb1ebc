package dev.trimtab.kserve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.manifest.Manifest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * For which models KServe picks between the image of a server for CPUs and the one for GPUs, by the limits of the
 * container: for four of its own servers, told by the name of the runtime (kserve 0.20, UpdateImageTag and
 * GetServerTypeFromRuntimeName). {@code kserve-huggingfaceserver-multinode} asks for the GPU itself, and so gets its image.
 */
public final class GpuImages {
    private static final Set<String> RUNTIMES =
            Set.of("kserve-huggingfaceserver", "kserve-tensorflow-serving", "kserve-torchserve", "kserve-vllmserver");

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

package dev.trimtab.kserve;

import java.util.List;
import java.util.Optional;

/** The names of model formats, as the runtimes that ship with KServe 0.20 and with Red Hat OpenShift AI write them. */
public final class ModelFormats {
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

package dev.trimtab.api.fakes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Certificates;
import java.util.List;

/**
 * KServe's defaulting of InferenceServices (kserve 0.20, inference_service_defaults.go 98-229, predictor_custom.go 65-73): a
 * block named after a framework becomes {@code model}, and a container of the author's gets a name, CPU and memory.
 */
public final class FakeKserveDefaulter {
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

    private final PlayedWebhook webhook;

    public FakeKserveDefaulter(Certificates certificates) {
        webhook = new PlayedWebhook(certificates, FakeKserveDefaulter::review);
    }

    public String url() {
        return webhook.url("/mutate-serving-kserve-io-v1beta1-inferenceservice");
    }

    private static void review(String path, JsonNode request, ObjectNode response) {
        ObjectNode object = (ObjectNode) request.path("object");
        ObjectNode result = object.deepCopy();
        for (String component : List.of("predictor", "transformer", "explainer")) {
            if (result.path("spec").get(component) instanceof ObjectNode spec) {
                complete(spec, component.equals("transformer") ? "transformer-container" : "kserve-container");
            }
        }
        PlayedWebhook.patch(response, object, result);
    }

    private static void complete(ObjectNode component, String containerName) {
        for (String framework : FRAMEWORKS) {
            if (component.remove(framework) instanceof ObjectNode block) {
                block.putObject("modelFormat").put("name", framework);
                component.set("model", block);
            }
        }
        if (!component.has("model") && component.path("containers").path(0) instanceof ObjectNode container) {
            if (!container.has("name")) {
                container.put("name", containerName);
            }
            for (String kind : List.of("requests", "limits")) {
                ObjectNode amounts = container.withObject("/resources/" + kind);
                if (!amounts.has("cpu")) {
                    amounts.put("cpu", "1");
                }
                if (!amounts.has("memory")) {
                    amounts.put("memory", "2Gi");
                }
            }
        }
    }
}

package dev.trimtab.kserve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import java.util.Optional;

/**
 * The cluster's default mode: JSON under the key {@code deploy} of KServe's ConfigMap (kserve 0.20, NewDeployConfig,
 * configmap.go 365-393).
 */
public final class DeployConfig {
    public static final String CONFIG_MAP = "inferenceservice-config";

    private static final String KEY = "deploy";
    private static final String MODE = "defaultDeploymentMode";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private DeployConfig() {}

    /**
     * Empty if the key is missing: KServe then uses its built-in mode.
     *
     * @throws DeployConfigProblem if KServe would refuse it
     */
    public static Optional<DeploymentMode> defaultMode(Map<String, String> data) throws DeployConfigProblem {
        String deploy = data.get(KEY);
        if (deploy == null) {
            return Optional.empty();
        }
        String mode = written(deploy);
        Optional<DeploymentMode> known = DeploymentMode.named(mode);
        if (known.isEmpty()) {
            throw new DeployConfigProblem(
                    mode.isEmpty()
                            ? "data.%s has no %s: write Knative, Standard or ModelMesh".formatted(KEY, MODE)
                            : "data.%s: %s \"%s\" is not one of Knative, Standard and ModelMesh"
                                    .formatted(KEY, MODE, mode));
        }
        return known;
    }

    /** Go's decoder ignores the case of keys. */
    private static String written(String deploy) throws DeployConfigProblem {
        JsonNode root;
        try {
            root = JSON.readTree(deploy);
        } catch (JsonProcessingException noJson) {
            throw new DeployConfigProblem("data.%s is not JSON: %s".formatted(KEY, noJson.getOriginalMessage()));
        }
        if (root == null || !root.isObject()) {
            throw new DeployConfigProblem("data.%s is not a JSON object".formatted(KEY));
        }
        String mode = "";
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (entry.getKey().equalsIgnoreCase(MODE)) {
                mode = entry.getValue().asText("");
            }
        }
        return mode;
    }

    /** KServe would refuse its ConfigMap. The last good mode stays in force. */
    public static final class DeployConfigProblem extends Exception {
        DeployConfigProblem(String message) {
            super(message);
        }
    }
}

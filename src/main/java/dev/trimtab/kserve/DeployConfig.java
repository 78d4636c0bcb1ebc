package dev.trimtab.kserve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import java.util.Optional;

/**
 * The cluster's default mode, as KServe reads it: JSON under the key {@code deploy} of its ConfigMap (kserve 0.20,
 * NewDeployConfig, configmap.go 365-393).
 */
public final class DeployConfig {
    /** The name of KServe's ConfigMap. */
    public static final String CONFIG_MAP = "inferenceservice-config";

    private static final String KEY = "deploy";
    private static final String MODE = "defaultDeploymentMode";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private DeployConfig() {}

    /**
     * The default mode that the data of the ConfigMap asks for.
     *
     * @return empty where it does not have the key: KServe then goes by what it was built with
     * @throws DeployConfigProblem where KServe would refuse it
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

    /** Go's decoder takes a key whatever its case. */
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

    /** KServe's ConfigMap has a default mode that KServe itself would refuse. Whoever holds the last good one keeps it. */
    public static final class DeployConfigProblem extends Exception {
        DeployConfigProblem(String message) {
            super(message);
        }
    }
}

package dev.trimtab.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.DefaultsConfig;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.review.AdmissionRequest;
import dev.trimtab.review.Reviewer;
import dev.trimtab.rules.Facts.ClusterFacts;
import dev.trimtab.rules.RevisionDefaults;
import dev.trimtab.snapshot.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * The reviews that the benchmarks send: a Service as KServe 0.20 renders it, and its InferenceService. {@code main}
 * writes them into a folder, for the load harness.
 */
public final class Samples {
    /** The review of each kind, and what the API server does when it sends it. */
    public enum Review {
        /** CREATE of a rendered Service: everything is filled. */
        CREATE,
        /** KServe's dry-run UPDATE of its own unfilled Service: the fills are put back. */
        REPLAY,
        /** UPDATE of what is stored already: nothing changes. */
        UNCHANGED,
        /** CREATE of an InferenceService: its author is warned, nothing is filled. */
        INFERENCE_SERVICE;

        String file() {
            return name().toLowerCase(Locale.ROOT).replace("_", "");
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Bytes of one more environment variable. */
    private static final int VARIABLE = 100;

    private static final String SERVICE = """
            {"apiVersion": "serving.knative.dev/v1", "kind": "Service",
             "metadata": {"name": "llama-predictor", "namespace": "bench",
              "labels": {"component": "predictor", "serving.kserve.io/inferenceservice": "llama"},
              "ownerReferences": [{"apiVersion": "serving.kserve.io/v1beta1", "blockOwnerDeletion": true,
               "controller": true, "kind": "InferenceService", "name": "llama",
               "uid": "5b3c1d3e-8f1a-4f63-9c3e-2a7d1c0b9e11"}]},
             "spec": {"template": {"metadata": {
               "annotations": {"autoscaling.knative.dev/class": "kpa.autoscaling.knative.dev",
                "autoscaling.knative.dev/min-scale": "1",
                "internal.serving.kserve.io/storage-initializer-sourceuri": "s3://models/llama",
                "prometheus.kserve.io/path": "/metrics", "prometheus.kserve.io/port": "8080",
                "serving.kserve.io/deploymentMode": "Knative"},
               "labels": {"component": "predictor", "serving.kserve.io/inferenceservice": "llama"}},
              "spec": {"containers": [{"name": "kserve-container", "image": "kserve/huggingfaceserver:v0.20.0-gpu",
               "args": ["--model_name=llama", "--model_dir=/mnt/models", "--http_port=8080"],
               "env": [{"name": "INFERENCE_SERVICE_NAME", "value": "llama"}],
               "resources": {"limits": {"cpu": "6", "memory": "24Gi", "nvidia.com/gpu": "1"},
                "requests": {"cpu": "6", "memory": "24Gi", "nvidia.com/gpu": "1"}},
               "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]},
                "privileged": false, "runAsNonRoot": true}}]}},
              "traffic": [{"latestRevision": true, "percent": 100}]},
             "status": {}}
            """;

    private static final String INFERENCE_SERVICE = """
            {"apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
             "metadata": {"name": "llama", "namespace": "bench", "labels": {"team": "t0"},
              "annotations": {"serving.kserve.io/deploymentMode": "Knative"}},
             "spec": {"predictor": {"minReplicas": 1, "model": {"modelFormat": {"name": "huggingface"},
              "storageUri": "s3://models/llama", "args": ["--model_name=llama"],
              "env": [{"name": "INFERENCE_SERVICE_NAME", "value": "llama"}],
              "resources": {"limits": {"cpu": "6", "memory": "24Gi", "nvidia.com/gpu": "1"},
               "requests": {"cpu": "6", "memory": "24Gi", "nvidia.com/gpu": "1"}}}}}}
            """;

    private Samples() {}

    /** @param folder gets one file for each review and size, and one policy for each number of profiles */
    public static void main(String... folder) throws IOException {
        Path into = Files.createDirectories(Path.of(folder[0]));
        for (Review review : Review.values()) {
            for (int bytes : new int[] {0, 20_000, 100_000}) {
                Files.write(into.resolve(review.file() + "-" + bytes + ".json"), body(review, bytes));
            }
        }
        for (int profiles : new int[] {1, 10, 50}) {
            Files.writeString(into.resolve("policy-" + profiles + ".yaml"), policy(profiles));
        }
    }

    /** @param bytes how much longer the object is than what KServe renders for a simple model */
    static byte[] body(Review review, int bytes) {
        ObjectNode object = read(review == Review.INFERENCE_SERVICE ? INFERENCE_SERVICE : SERVICE);
        ArrayNode variables = (ArrayNode)
                (review == Review.INFERENCE_SERVICE
                        ? object.at("/spec/predictor/model/env")
                        : object.at("/spec/template/spec/containers/0/env"));
        for (int i = 0; i < bytes / VARIABLE; i++) {
            variables.addObject().put("name", "VARIABLE_%05d".formatted(i)).put("value", "v".repeat(VARIABLE - 40));
        }
        JsonNode request =
                switch (review) {
                    case CREATE, INFERENCE_SERVICE -> request("CREATE", object, null);
                    case REPLAY -> request("UPDATE", object, stored(object));
                    case UNCHANGED -> request("UPDATE", stored(object), stored(object));
                };
        return request.toString().getBytes(StandardCharsets.UTF_8);
    }

    static Settings settings(int profiles) {
        return new Settings(
                PolicyLoader.load(policy(profiles)).policy().orElseThrow(), KnativeConfig.DEFAULTS, ClusterFacts.NONE);
    }

    /** One profile for every model, and others for teams that are not this one. */
    static String policy(int profiles) {
        StringBuilder policy = new StringBuilder("""
                apiVersion: trimtab.dev/v1alpha1
                kind: Policy
                profiles:
                  - name: models
                    match: {kinds: [InferenceService]}
                    startupSeconds: 120
                    maxResponseSeconds: 60
                    probes: {readiness: {httpGet: {path: "/v1/models/{name}"}}}
                """);
        for (int i = 1; i < profiles; i++) {
            policy.append("""
                      - name: team-%d
                        match: {namespaces: ["team-%d-*"], labels: {team: t%d}}
                        maxResponseSeconds: %d
                    """.formatted(i, i, i, i));
        }
        return policy.toString();
    }

    /** As Trimtab and then Knative leave the Service. */
    private static ObjectNode stored(ObjectNode service) {
        try {
            AdmissionRequest create = AdmissionRequest.parse(request("CREATE", service, null));
            ObjectNode filled = new Reviewer(Set.of())
                    .answer(create, settings(1))
                    .review()
                    .result();
            return RevisionDefaults.stored(filled, DefaultsConfig.DEFAULTS);
        } catch (AdmissionRequest.MalformedReview impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static ObjectNode request(String operation, JsonNode object, JsonNode oldObject) {
        ObjectNode review = JSON.createObjectNode();
        review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        ObjectNode request = review.putObject("request");
        boolean knative = object.path("kind").asText().equals("Service");
        String group = knative ? "serving.knative.dev" : "serving.kserve.io";
        String version = knative ? "v1" : "v1beta1";
        String kind = object.path("kind").asText();
        String plural = knative ? "services" : "inferenceservices";
        request.put("uid", "705ab4f5-6393-11e8-b7cc-42010a800002");
        request.putObject("kind").put("group", group).put("version", version).put("kind", kind);
        request.putObject("resource").put("group", group).put("version", version).put("resource", plural);
        request.put("name", object.at("/metadata/name").asText())
                .put("namespace", "bench")
                .put("operation", operation);
        request.putObject("userInfo")
                .put("username", "system:serviceaccount:kserve:kserve-controller-manager")
                .putArray("groups")
                .add("system:authenticated");
        request.set("object", object);
        request.set("oldObject", oldObject == null ? JSON.nullNode() : oldObject);
        request.put("dryRun", false);
        request.set("options", JSON.createObjectNode());
        return review;
    }

    private static ObjectNode read(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

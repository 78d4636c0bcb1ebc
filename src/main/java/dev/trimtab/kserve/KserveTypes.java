package dev.trimtab.kserve;

import static dev.trimtab.types.Type.AMOUNT;
import static dev.trimtab.types.Type.BOOL;
import static dev.trimtab.types.Type.INT32;
import static dev.trimtab.types.Type.INT64;
import static dev.trimtab.types.Type.LIST_OF_TEXTS;
import static dev.trimtab.types.Type.MAP_OF_TEXTS;
import static dev.trimtab.types.Type.TEXT;

import dev.trimtab.types.Type;
import dev.trimtab.types.Type.Kubernetes;
import dev.trimtab.types.Type.ListOf;
import dev.trimtab.types.Type.MapOf;
import dev.trimtab.types.Type.Struct;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategy;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The types of an InferenceService and an InferenceGraph, as KServe 0.20 has them; a field of Kubernetes' is its own. */
public final class KserveTypes {
    /** Each is a predictor's container with the format in its name. */
    private static final List<String> FRAMEWORKS = List.of(
            "huggingface",
            "lightgbm",
            "onnx",
            "paddle",
            "pmml",
            "pytorch",
            "sklearn",
            "tensorflow",
            "triton",
            "xgboost");

    private static final Struct STORAGE = new Struct(Map.of("key", TEXT, "parameters", MAP_OF_TEXTS, "path", TEXT));

    private static final Struct MODEL_STORAGE = STORAGE.with(Map.of("schemaPath", TEXT));

    private static final Struct CONFIDENTIAL = new Struct(Map.of("enabled", BOOL, "resourceId", TEXT));

    private static final Struct FRAMEWORK = struct(Container.class)
            .with(Map.of(
                    "confidential",
                    CONFIDENTIAL,
                    "protocolVersion",
                    TEXT,
                    "runtimeVersion",
                    TEXT,
                    "storage",
                    MODEL_STORAGE,
                    "storageUri",
                    TEXT));

    private static final Struct MODEL =
            FRAMEWORK.with(Map.of("modelFormat", new Struct(Map.of("name", TEXT, "version", TEXT)), "runtime", TEXT));

    private static final Struct EXPLAINER =
            FRAMEWORK.without("confidential", "protocolVersion").with(Map.of("config", MAP_OF_TEXTS, "type", TEXT));

    private static final Struct LOGGER = new Struct(Map.of(
            "batchInterval", TEXT,
            "batchSize", INT64,
            "marshallerUrl", TEXT,
            "metadataAnnotations", LIST_OF_TEXTS,
            "metadataHeaders", LIST_OF_TEXTS,
            "mode", TEXT,
            "storage", STORAGE.with(Map.of("serviceAccountName", TEXT)),
            "url", TEXT));

    private static final Struct BATCHER =
            new Struct(Map.of("maxBatchSize", INT64, "maxLatency", INT64, "timeout", INT64));

    private static final Struct TARGET =
            new Struct(Map.of("averageUtilization", INT32, "averageValue", AMOUNT, "type", TEXT, "value", AMOUNT));

    private static final Struct AUTHENTICATION =
            new Struct(Map.of("authModes", TEXT, "authenticationRef", new Struct(Map.of("name", TEXT))));

    private static final Struct SOURCE = new Struct(Map.of("backend", TEXT, "query", TEXT, "serverAddress", TEXT));

    private static final Struct EXTERNAL = new Struct(Map.of(
            "authenticationRef", AUTHENTICATION, "metric", SOURCE.with(Map.of("namespace", TEXT)), "target", TARGET));

    private static final Struct POD_METRIC = new Struct(Map.of(
            "metric", SOURCE.with(Map.of("metricNames", LIST_OF_TEXTS, "operationOverTime", TEXT)), "target", TARGET));

    private static final Struct METRIC = new Struct(Map.of(
            "external", EXTERNAL,
            "podmetric", POD_METRIC,
            "resource", new Struct(Map.of("name", TEXT, "target", TARGET)),
            "type", TEXT));

    private static final Struct AUTO_SCALING = new Struct(
            Map.of("behavior", new Kubernetes(HorizontalPodAutoscalerBehavior.class), "metrics", new ListOf(METRIC)));

    /** What every component has besides a pod. */
    private static final Struct COMPONENT = struct(PodSpec.class)
            .without("ephemeralContainers")
            .with(Map.of(
                    "annotations", MAP_OF_TEXTS,
                    "autoScaling", AUTO_SCALING,
                    "batcher", BATCHER,
                    "canaryTrafficPercent", INT64,
                    "containerConcurrency", INT64,
                    "deploymentStrategy", new Kubernetes(DeploymentStrategy.class),
                    "labels", MAP_OF_TEXTS,
                    "logger", LOGGER))
            .with(Map.of(
                    "maxReplicas", INT32,
                    "minReplicas", INT32,
                    "scaleMetric", TEXT,
                    "scaleMetricType", TEXT,
                    "scaleTarget", INT32,
                    "storageUris", new ListOf(new Struct(Map.of("mountPath", TEXT, "uri", TEXT))),
                    "timeout", INT64));

    private static final Struct PREDICTOR =
            COMPONENT.with(models()).with(Map.of("name", TEXT, "storageContainerName", TEXT, "workerSpec", worker()));

    private static final Struct CANARY = new Struct(Map.of(
            "predictor",
            PREDICTOR.with(struct(PodSpec.class).only("ephemeralContainers").fields()),
            "trafficPercent",
            INT32));

    public static final Struct INFERENCE_SERVICE = object(Map.of(
            "canary",
            new ListOf(CANARY),
            "explainer",
            COMPONENT.with(Map.of("art", EXPLAINER)),
            "predictor",
            PREDICTOR,
            "transformer",
            COMPONENT));

    private static final Struct STEP = new Struct(Map.of(
            "condition", TEXT,
            "data", TEXT,
            "dependency", TEXT,
            "mapPredictionsToInstances", BOOL,
            "name", TEXT,
            "nodeName", TEXT,
            "serviceName", TEXT,
            "serviceUrl", TEXT,
            "weight", INT64));

    private static final Struct ROUTER = new Struct(Map.of("routerType", TEXT, "steps", new ListOf(STEP)));

    private static final Struct TIMEOUTS =
            new Struct(Map.of("serverIdle", INT64, "serverRead", INT64, "serverWrite", INT64, "serviceClient", INT64));

    public static final Struct INFERENCE_GRAPH = object(new Struct(Map.of(
                    "affinity", new Kubernetes(Affinity.class),
                    "maxReplicas", INT32,
                    "minReplicas", INT32,
                    "nodes", new MapOf(ROUTER),
                    "nodeSelector", MAP_OF_TEXTS,
                    "resources", new Kubernetes(ResourceRequirements.class),
                    "routerTimeouts", TIMEOUTS,
                    "scaleMetric", TEXT))
            .with(Map.of(
                    "nodeName", TEXT,
                    "scaleTarget", INT32,
                    "serviceAccountName", TEXT,
                    "timeout", INT64,
                    "tolerations", new ListOf(new Kubernetes(Toleration.class))))
            .fields());

    private KserveTypes() {}

    private static Struct object(Map<String, Type> spec) {
        return new Struct(Map.of(
                "apiVersion",
                TEXT,
                "kind",
                TEXT,
                "metadata",
                new Kubernetes(ObjectMeta.class),
                "spec",
                new Struct(spec)));
    }

    private static Map<String, Type> models() {
        Map<String, Type> models = new TreeMap<>(Map.of("model", MODEL));
        FRAMEWORKS.forEach(framework -> models.put(framework, FRAMEWORK));
        return models;
    }

    private static Struct worker() {
        return struct(PodSpec.class).with(Map.of("pipelineParallelSize", INT64, "tensorParallelSize", INT64));
    }

    private static Struct struct(Class<?> model) {
        return new Kubernetes(model).struct();
    }
}

package dev.trimtab.kserve;

import static dev.trimtab.types.Type.AMOUNT;
import static dev.trimtab.types.Type.BOOL;
import static dev.trimtab.types.Type.INT32;
import static dev.trimtab.types.Type.INT64;
import static dev.trimtab.types.Type.LIST_OF_TEXTS;
import static dev.trimtab.types.Type.MAP_OF_TEXTS;
import static dev.trimtab.types.Type.TEXT;

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

/** The types of an InferenceService and an InferenceGraph in KServe 0.20. */
public final class KserveTypes {
    private static final Struct STORAGE = Struct.of(TEXT, "key", "path").with(MAP_OF_TEXTS, "parameters");

    private static final Struct FRAMEWORK = struct(Container.class)
            .with(Struct.of(BOOL, "enabled").with(TEXT, "resourceId"), "confidential")
            .with(TEXT, "protocolVersion", "runtimeVersion", "storageUri")
            .with(STORAGE.with(TEXT, "schemaPath"), "storage");

    private static final Struct MODEL =
            FRAMEWORK.with(TEXT, "runtime").with(Struct.of(TEXT, "name", "version"), "modelFormat");

    private static final Struct EXPLAINER = FRAMEWORK
            .without("confidential", "protocolVersion")
            .with(MAP_OF_TEXTS, "config")
            .with(TEXT, "type");

    private static final Struct LOGGER = Struct.of(TEXT, "batchInterval", "marshallerUrl", "mode", "url")
            .with(INT64, "batchSize")
            .with(LIST_OF_TEXTS, "metadataAnnotations", "metadataHeaders")
            .with(STORAGE.with(TEXT, "serviceAccountName"), "storage");

    private static final Struct BATCHER = Struct.of(INT64, "maxBatchSize", "maxLatency", "timeout");

    private static final Struct TARGET =
            Struct.of(TEXT, "type").with(INT32, "averageUtilization").with(AMOUNT, "averageValue", "value");

    private static final Struct SOURCE = Struct.of(TEXT, "backend", "query", "serverAddress");

    private static final Struct EXTERNAL = Struct.of(TARGET, "target")
            .with(SOURCE.with(TEXT, "namespace"), "metric")
            .with(Struct.of(TEXT, "authModes").with(Struct.of(TEXT, "name"), "authenticationRef"), "authenticationRef");

    private static final Struct POD_METRIC = Struct.of(TARGET, "target")
            .with(SOURCE.with(LIST_OF_TEXTS, "metricNames").with(TEXT, "operationOverTime"), "metric");

    private static final Struct METRIC = Struct.of(TEXT, "type")
            .with(EXTERNAL, "external")
            .with(POD_METRIC, "podmetric")
            .with(Struct.of(TEXT, "name").with(TARGET, "target"), "resource");

    private static final Struct AUTO_SCALING = Struct.of(new ListOf(METRIC), "metrics")
            .with(new Kubernetes(HorizontalPodAutoscalerBehavior.class), "behavior");

    /** The fields of every component, with those of its pod spec. */
    private static final Struct COMPONENT = struct(PodSpec.class)
            .without("ephemeralContainers")
            .with(MAP_OF_TEXTS, "annotations", "labels")
            .with(INT64, "canaryTrafficPercent", "containerConcurrency", "timeout")
            .with(INT32, "maxReplicas", "minReplicas", "scaleTarget")
            .with(TEXT, "scaleMetric", "scaleMetricType")
            .with(AUTO_SCALING, "autoScaling")
            .with(BATCHER, "batcher")
            .with(LOGGER, "logger")
            .with(new Kubernetes(DeploymentStrategy.class), "deploymentStrategy")
            .with(new ListOf(Struct.of(TEXT, "mountPath", "uri")), "storageUris");

    private static final Struct WORKER =
            struct(PodSpec.class).with(INT64, "pipelineParallelSize", "tensorParallelSize");

    private static final Struct PREDICTOR = COMPONENT
            .with(FRAMEWORK, "huggingface", "lightgbm", "onnx", "paddle", "pmml", "pytorch", "sklearn", "tensorflow")
            .with(FRAMEWORK, "triton", "xgboost")
            .with(MODEL, "model")
            .with(TEXT, "name", "storageContainerName")
            .with(WORKER, "workerSpec");

    private static final Struct CANARY = Struct.of(INT32, "trafficPercent")
            .with(
                    PREDICTOR.with(
                            struct(PodSpec.class).only("ephemeralContainers").fields()),
                    "predictor");

    public static final Struct INFERENCE_SERVICE = object(Struct.of(COMPONENT, "transformer")
            .with(PREDICTOR, "predictor")
            .with(COMPONENT.with(EXPLAINER, "art"), "explainer")
            .with(new ListOf(CANARY), "canary"));

    private static final Struct STEP = Struct.of(TEXT, "condition", "data", "dependency", "name", "nodeName")
            .with(TEXT, "serviceName", "serviceUrl")
            .with(BOOL, "mapPredictionsToInstances")
            .with(INT64, "weight");

    private static final Struct ROUTER = Struct.of(TEXT, "routerType").with(new ListOf(STEP), "steps");

    public static final Struct INFERENCE_GRAPH = object(Struct.of(new MapOf(ROUTER), "nodes")
            .with(INT32, "maxReplicas", "minReplicas", "scaleTarget")
            .with(INT64, "timeout")
            .with(TEXT, "nodeName", "scaleMetric", "serviceAccountName")
            .with(MAP_OF_TEXTS, "nodeSelector")
            .with(Struct.of(INT64, "serverIdle", "serverRead", "serverWrite", "serviceClient"), "routerTimeouts")
            .with(new Kubernetes(Affinity.class), "affinity")
            .with(new Kubernetes(ResourceRequirements.class), "resources")
            .with(new ListOf(new Kubernetes(Toleration.class)), "tolerations"));

    private KserveTypes() {}

    private static Struct object(Struct spec) {
        return Struct.of(TEXT, "apiVersion", "kind")
                .with(new Kubernetes(ObjectMeta.class), "metadata")
                .with(spec, "spec");
    }

    private static Struct struct(Class<?> model) {
        return new Kubernetes(model).struct();
    }
}

package dev.trimtab.kserve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.kserve.Model.ModelBlock;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ScaleAnnotation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Renders the Knative Services of an object, or its Deployments in Standard mode, as KServe does. From kserve 0.20:
 * {@code SetAutoScalingAnnotations} and {@code ValidateInitialScaleAnnotation} (pkg/controller/v1alpha1/utils/utils.go
 * 48-155), {@code ServiceAnnotationDisallowedList} and {@code RevisionTemplateLabelDisallowedList}
 * (pkg/constants/constants.go 534-544), and {@code createRawDefaultDeployment} (deployment_reconciler.go). Leaves out
 * what a ServingRuntime adds, and the workers of a multi-node model.
 */
public final class Rendering {
    private static final Set<String> FILTERED = Set.of(
            "autoscaling.knative.dev/min-scale",
            "autoscaling.knative.dev/max-scale",
            "internal.serving.kserve.io/storage-initializer-sourceuri",
            "kubectl.kubernetes.io/last-applied-configuration");
    private static final String STOP = "serving.kserve.io/stop";
    private static final String VISIBILITY = "networking.knative.dev/visibility";

    private Rendering() {}

    /**
     * Workloads by component name, {@code graph} for an InferenceGraph. Empty for ModelMesh, for a stopped object, and
     * for an InferenceGraph in Standard mode.
     *
     * @param byDefault the mode of an object that names none
     */
    public static Map<String, ObjectNode> workloads(
            Manifest object, DeploymentMode byDefault, AutoscalerConfig cluster) {
        Map<String, ObjectNode> workloads = new LinkedHashMap<>();
        DeploymentMode mode = DeploymentMode.of(object, byDefault);
        boolean standardGraph = mode == DeploymentMode.STANDARD && object.kind() == Kind.INFERENCE_GRAPH;
        boolean stopped =
                object.annotations().text(STOP).filter("true"::equalsIgnoreCase).isPresent();
        if (mode == DeploymentMode.MODEL_MESH || standardGraph || stopped) {
            return workloads;
        }
        for (Component component : Component.of(object.root())) {
            workloads.put(
                    component.name(),
                    mode == DeploymentMode.STANDARD
                            ? deployment(object, component)
                            : service(object, component, cluster));
        }
        if (mode == DeploymentMode.STANDARD) {
            Component.canaries(object.root()).forEach(it -> workloads.put(it.name(), deployment(object, it)));
        }
        return workloads;
    }

    private static ObjectNode service(Manifest object, Component component, AutoscalerConfig cluster) {
        ObjectNode service = named("serving.knative.dev/v1", "Service", object, component);
        ObjectNode labels = labels(component);
        service.withObject("/metadata").set("labels", labels);
        ObjectNode annotations = annotations(object, component);
        dropInitialScale(object, component, cluster, annotations);
        scale(component.node(), annotations);
        ObjectNode pod = numbers(component);
        template(service, labels.deepCopy().without(VISIBILITY), annotations, pod, component);
        return service;
    }

    /** KServe writes the same labels and annotations on the Deployment and on its template. */
    private static ObjectNode deployment(Manifest object, Component component) {
        ObjectNode deployment = named("apps/v1", "Deployment", object, component);
        ObjectNode metadata = deployment.withObject("/metadata");
        ObjectNode labels = labels(component);
        labels.put("app", "isvc." + metadata.path("name").asText());
        ObjectNode annotations = annotations(object, component);
        metadata.set("labels", labels);
        metadata.set("annotations", annotations);
        template(
                deployment,
                labels.deepCopy(),
                annotations.deepCopy(),
                JsonNodeFactory.instance.objectNode(),
                component);
        return deployment;
    }

    private static ObjectNode named(String apiVersion, String kind, Manifest object, Component component) {
        ObjectNode workload = JsonNodeFactory.instance.objectNode();
        workload.put("apiVersion", apiVersion).put("kind", kind);
        workload.putObject("metadata")
                .put("name", component.isGraph() ? object.name() : object.name() + "-" + component.name())
                .put("namespace", object.namespace());
        return workload;
    }

    private static void template(
            ObjectNode workload, ObjectNode labels, ObjectNode annotations, ObjectNode pod, Component component) {
        if (!component.isGraph()) {
            RenderedPod.complete(pod, component.node());
        }
        Pointers.set(workload, KnativeService.TEMPLATE_ANNOTATIONS, annotations);
        workload.withObject(KnativeService.TEMPLATE)
                .withObjectProperty("metadata")
                .set("labels", labels);
        Pointers.set(workload, KnativeService.POD_SPEC, pod);
    }

    private static ObjectNode labels(Component component) {
        ObjectNode labels = JsonNodeFactory.instance.objectNode();
        component.labels().forEach(labels::put);
        return labels;
    }

    /** The object's annotations that KServe passes on, overridden by the component's. */
    private static ObjectNode annotations(Manifest object, Component component) {
        ObjectNode annotations = JsonNodeFactory.instance.objectNode();
        object.annotations().map().properties().forEach(entry -> {
            if (component.isGraph() || !FILTERED.contains(entry.getKey())) {
                annotations.set(entry.getKey(), entry.getValue());
            }
        });
        component.ownAnnotations().properties().forEach(entry -> annotations.set(entry.getKey(), entry.getValue()));
        return annotations;
    }

    /** KServe drops the object's initial-scale if Knative would refuse it, but not the component's. */
    private static void dropInitialScale(
            Manifest object, Component component, AutoscalerConfig cluster, ObjectNode annotations) {
        String key = ScaleAnnotation.INITIAL_SCALE.key();
        if (object.annotations().has(key) && !component.ownAnnotations().has(key)) {
            OptionalLong value = GoParsing.int64(annotations.path(key).asText());
            if (value.isEmpty() || (value.getAsLong() == 0 && !cluster.allowZeroInitialScale())) {
                annotations.remove(key);
            }
        }
    }

    private static void scale(JsonNode extension, ObjectNode annotations) {
        String classKey = ScaleAnnotation.CLASS.key();
        if (!annotations.hasNonNull(classKey)) {
            annotations.put(classKey, "kpa.autoscaling.knative.dev");
        }
        copy(extension.path("scaleTarget"), annotations, ScaleAnnotation.TARGET);
        copy(extension.path("scaleMetric"), annotations, ScaleAnnotation.METRIC);
        JsonNode min = extension.path("minReplicas");
        annotations.put(ScaleAnnotation.MIN_SCALE.key(), min.isNumber() ? min.asText() : "1");
        JsonNode max = extension.path("maxReplicas");
        if (max.isNumber() && max.intValue() != 0) {
            annotations.put(ScaleAnnotation.MAX_SCALE.key(), max.asText());
        }
    }

    private static void copy(JsonNode value, ObjectNode annotations, ScaleAnnotation key) {
        if (value.isValueNode() && !value.isNull()) {
            annotations.put(key.key(), value.asText());
        }
    }

    /**
     * KServe writes one timeout into both of Knative's fields, and for a graph into the first only (kserve 0.20,
     * ksvc_reconciler.go 190-217, knative_reconciler.go).
     */
    private static ObjectNode numbers(Component component) {
        JsonNode extension = component.node();
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        JsonNode timeout = extension.path("timeout");
        if (timeout.isNumber()) {
            spec.set("timeoutSeconds", timeout);
            if (!component.isGraph()) {
                spec.set("responseStartTimeoutSeconds", timeout);
            }
        }
        JsonNode concurrency = extension.path("containerConcurrency");
        if (concurrency.isNumber()) {
            spec.set("containerConcurrency", concurrency);
        }
        return spec;
    }

    /**
     * Renders the pod of a component (kserve 0.20, components/predictor.go). Fields of the pod spec pass through.
     * {@code model}, or the older block of a framework, becomes the container {@code kserve-container}. The
     * ServingRuntime's image, arguments and resources are unknown.
     */
    static final class RenderedPod {
        private static final List<String> POD_FIELDS = List.of(
                "affinity",
                "automountServiceAccountToken",
                "dnsConfig",
                "dnsPolicy",
                "hostAliases",
                "hostIPC",
                "hostNetwork",
                "hostPID",
                "imagePullSecrets",
                "initContainers",
                "nodeSelector",
                "priorityClassName",
                "runtimeClassName",
                "schedulerName",
                "securityContext",
                "serviceAccountName",
                "shareProcessNamespace",
                "tolerations",
                "topologySpreadConstraints",
                "volumes");
        private static final List<String> CONTAINER_FIELDS = List.of(
                "args",
                "command",
                "env",
                "envFrom",
                "image",
                "imagePullPolicy",
                "lifecycle",
                "livenessProbe",
                "ports",
                "readinessProbe",
                "resources",
                "securityContext",
                "startupProbe",
                "volumeMounts",
                "workingDir");

        private RenderedPod() {}

        /** Copies all values, so that a change of the pod does not reach the object. */
        static void complete(ObjectNode pod, JsonNode component) {
            copy(component, POD_FIELDS, pod);
            ArrayNode containers = pod.arrayNode();
            ModelBlock.of(component)
                    .ifPresent(model -> model(containers.addObject().put("name", "kserve-container"), model));
            component.path("containers").forEach(container -> containers.add(container.<JsonNode>deepCopy()));
            if (!containers.isEmpty()) {
                pod.set("containers", containers);
            }
        }

        private static void model(ObjectNode container, JsonNode model) {
            copy(model, CONTAINER_FIELDS, container);
            // The version becomes the tag of the runtime's image. The rest of the image is unknown.
            String version = model.path("runtimeVersion").asText("");
            if (!version.isEmpty() && !container.has("image")) {
                container.put("image", ":" + version);
            }
        }

        private static void copy(JsonNode from, List<String> fields, ObjectNode to) {
            for (String field : fields) {
                if (from.hasNonNull(field)) {
                    to.set(field, from.get(field).deepCopy());
                }
            }
        }
    }
}

package dev.trimtab.kserve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.AutoscalerConfig;
import dev.trimtab.knative.GoValues;
import dev.trimtab.knative.ScaleAnnotation;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The Knative Services that KServe renders for one object, as far as the object shows them: the labels and annotations of
 * the revision template, the timeouts, and of the pods what {@link RenderedPod} has. From kserve 0.20: {@code SetAutoScalingAnnotations} and {@code
 * ValidateInitialScaleAnnotation} (pkg/controller/v1alpha1/utils/utils.go 48-155) and the annotation filter {@code
 * ServiceAnnotationDisallowedList} (pkg/constants/constants.go 534-540). Annotations of a ServingRuntime are not known
 * here and not rendered.
 */
public final class Rendering {
    private static final List<String> COMPONENTS = List.of("predictor", "transformer", "explainer");
    private static final Set<String> FILTERED = Set.of(
            "autoscaling.knative.dev/min-scale",
            "autoscaling.knative.dev/max-scale",
            "internal.serving.kserve.io/storage-initializer-sourceuri",
            "kubectl.kubernetes.io/last-applied-configuration");
    private static final String STOP = "serving.kserve.io/stop";

    private Rendering() {}

    /**
     * The Services by the name of the component, {@code graph} for an InferenceGraph. Empty where KServe renders none:
     * in Standard mode (RawDeployment), for ModelMesh, and for what is stopped.
     */
    public static Map<String, ObjectNode> services(Manifest object, AutoscalerConfig cluster) {
        Map<String, ObjectNode> services = new LinkedHashMap<>();
        if (DeploymentMode.of(object) != DeploymentMode.KNATIVE
                || object.annotations().text(STOP).filter("true"::equals).isPresent()) {
            return services;
        }
        JsonNode spec = object.root().path("spec");
        if (object.kind() == Kind.INFERENCE_GRAPH) {
            services.put("graph", service(object, "graph", spec, JsonNodeFactory.instance.objectNode(), cluster));
        } else {
            COMPONENTS.stream().filter(name -> spec.path(name).isObject()).forEach(name -> {
                JsonNode component = spec.path(name);
                services.put(name, service(object, name, component, component.path("annotations"), cluster));
            });
        }
        return services;
    }

    private static ObjectNode service(
            Manifest object, String component, JsonNode extension, JsonNode own, AutoscalerConfig cluster) {
        ObjectNode service = JsonNodeFactory.instance.objectNode();
        service.put("apiVersion", "serving.knative.dev/v1").put("kind", "Service");
        ObjectNode metadata = service.putObject("metadata");
        metadata.put("name", object.name()).put("namespace", object.namespace());
        ObjectNode labels = metadata.putObject("labels");
        object.labels().forEach(labels::put);
        boolean graph = object.kind() == Kind.INFERENCE_GRAPH;
        labels.put(
                graph ? KnativeService.INFERENCE_GRAPH_LABEL : KnativeService.INFERENCE_SERVICE_LABEL, object.name());
        if (!graph) {
            labels.put("component", component);
        }

        ObjectNode annotations = JsonNodeFactory.instance.objectNode();
        inherited(object, !graph, cluster, annotations);
        own.properties().forEach(entry -> annotations.set(entry.getKey(), entry.getValue()));
        scale(extension, annotations);
        Pointers.set(service, KnativeService.TEMPLATE_ANNOTATIONS, annotations);
        ObjectNode pod = numbers(extension);
        if (!graph) {
            RenderedPod.complete(pod, extension);
        }
        Pointers.set(service, KnativeService.POD_SPEC, pod);
        ObjectNode templateLabels = service.withObject(KnativeService.TEMPLATE)
                .withObjectProperty("metadata")
                .putObject("labels");
        labels.properties().forEach(entry -> templateLabels.set(entry.getKey(), entry.getValue()));
        return service;
    }

    /** The object's own annotations, less what KServe keeps off the template, and an initial-scale it would drop. */
    private static void inherited(Manifest object, boolean filtered, AutoscalerConfig cluster, ObjectNode annotations) {
        object.annotations().map().properties().forEach(entry -> {
            if (!filtered || !FILTERED.contains(entry.getKey())) {
                annotations.set(entry.getKey(), entry.getValue());
            }
        });
        String key = ScaleAnnotation.INITIAL_SCALE.key();
        if (annotations.has(key)) {
            OptionalLong value = GoValues.atoi(annotations.path(key).asText());
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

    /** From kserve 0.20, ksvc_reconciler.go 190-217: one timeout for both of Knative's. */
    private static ObjectNode numbers(JsonNode extension) {
        ObjectNode spec = JsonNodeFactory.instance.objectNode();
        JsonNode timeout = extension.path("timeout");
        if (timeout.isNumber()) {
            spec.set("timeoutSeconds", timeout);
            spec.set("responseStartTimeoutSeconds", timeout);
        }
        JsonNode concurrency = extension.path("containerConcurrency");
        if (concurrency.isNumber()) {
            spec.set("containerConcurrency", concurrency);
        }
        return spec;
    }
}

package dev.trimtab.kserve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The pod that KServe renders for a component of an InferenceService, as far as the component shows it (kserve 0.20,
 * components/predictor.go): fields of the pod spec pass through, and {@code model}, or the older block of a framework,
 * becomes the container {@code kserve-container}. What a ServingRuntime adds is not known: image, arguments, resources.
 */
final class RenderedPod {
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

    /** Copies: what becomes of the pod is not to reach the object that it is rendered from. */
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
        // It becomes the tag of the runtime's image, the one part of it that is known.
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

package dev.trimtab.manifest;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Knative Service, hand-written or rendered by KServe. Also reads the same fields of a Deployment. */
public record KnativeService(ObjectNode root) {
    public static final JsonPointer TEMPLATE = Pointers.of("spec", "template");
    public static final JsonPointer POD_SPEC = Pointers.of("spec", "template", "spec");
    public static final JsonPointer CONTAINERS = Pointers.of("spec", "template", "spec", "containers");
    public static final JsonPointer TEMPLATE_LABELS = Pointers.of("spec", "template", "metadata", "labels");
    public static final JsonPointer TEMPLATE_ANNOTATIONS = Pointers.of("spec", "template", "metadata", "annotations");

    private static final Map<String, JsonPointer> SCALE = Stream.of(ScaleAnnotation.values())
            .flatMap(it -> it.spellings().stream())
            .collect(Collectors.toUnmodifiableMap(it -> it, TEMPLATE_ANNOTATIONS::appendProperty));

    public static final String INFERENCE_SERVICE_LABEL = "serving.kserve.io/inferenceservice";

    public static final String INFERENCE_GRAPH_LABEL = "serving.kserve.io/inferencegraph";

    public JsonNode template() {
        return root.at(TEMPLATE);
    }

    public Annotations templateAnnotations() {
        return new Annotations(root.at(TEMPLATE_ANNOTATIONS));
    }

    public Map<String, String> templateLabels() {
        return Manifest.strings(template().path("metadata").path("labels"));
    }

    /**
     * The author's name for the revision. Empty if Knative names it. Empty for a Deployment too: KServe writes its own
     * name into the template (kserve 0.14 to 0.20, deployment_reconciler.go).
     */
    public String revisionName() {
        if (new Manifest(root).kind() == Kind.DEPLOYMENT) {
            return "";
        }
        return template().path("metadata").path("name").asText("");
    }

    /**
     * Whether the author names the revision as before. Knative then refuses every other template (Knative 1.23,
     * revision_validation.go 82-108).
     */
    public boolean keepsRevisionName(KnativeService stored) {
        return !revisionName().isEmpty() && revisionName().equals(stored.revisionName());
    }

    /** The kind that this Service was rendered for, or {@link Kind#KNATIVE_SERVICE} if it is hand-written. */
    public Kind origin() {
        Map<String, String> labels = new Manifest(root).labels();
        if (labels.containsKey(INFERENCE_SERVICE_LABEL)) {
            return Kind.INFERENCE_SERVICE;
        }
        // For a graph, the label is in the template only (kserve 0.14 to 0.20, knative_reconciler.go).
        return labels.containsKey(INFERENCE_GRAPH_LABEL) || templateLabels().containsKey(INFERENCE_GRAPH_LABEL)
                ? Kind.INFERENCE_GRAPH
                : Kind.KNATIVE_SERVICE;
    }

    public JsonNode podSpec() {
        return root.at(POD_SPEC);
    }

    public static JsonPointer label(String key) {
        return TEMPLATE_LABELS.appendProperty(key);
    }

    public static JsonPointer annotation(String key) {
        JsonPointer known = SCALE.get(key);
        return known == null ? TEMPLATE_ANNOTATIONS.appendProperty(key) : known;
    }
}

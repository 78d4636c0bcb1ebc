package dev.trimtab.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A Kubernetes object as raw JSON, with the fields of every kind. Reading never fails: a value of the wrong type counts
 * as absent.
 *
 * @param root the whole document; views share it and never copy
 */
public record Manifest(ObjectNode root) {
    /** Label on an object or a namespace that Trimtab ignores. */
    public static final String IGNORE = "trimtab.dev/ignore";

    /** The kind by group, version and kind. {@link Kind#OTHER} for kinds that Trimtab does not review. */
    public Kind kind() {
        Kind kind = Kind.of(apiVersion(), kindName());
        return kind == Kind.DEPLOYMENT && !isDeploymentOfKServe() ? Kind.OTHER : kind;
    }

    /**
     * Excludes the Deployments of Knative's Revisions, which have all labels of the template, KServe's too. Knative
     * compares them with the state that it wants, not with a webhook's result, so Trimtab must not change them.
     */
    private boolean isDeploymentOfKServe() {
        return labels().containsKey(KnativeService.INFERENCE_SERVICE_LABEL)
                && !labels().containsKey("serving.knative.dev/revision");
    }

    public String apiVersion() {
        return text(root.path("apiVersion"));
    }

    public String kindName() {
        return text(root.path("kind"));
    }

    public String name() {
        return text(metadata().path("name"));
    }

    /** The name for messages, or {@code sweep-*} for an object with {@code generateName}. */
    public String title() {
        String prefix = text(metadata().path("generateName"));
        if (!name().isEmpty()) {
            return name();
        }
        return prefix.isEmpty() ? "without a name" : prefix + "*";
    }

    /** Empty if the document names none. Then the request or the command line names it. */
    public String namespace() {
        return text(metadata().path("namespace"));
    }

    public Map<String, String> labels() {
        return strings(metadata().path("labels"));
    }

    public Annotations annotations() {
        return new Annotations(metadata().path("annotations"));
    }

    public boolean isBeingDeleted() {
        return !Pointers.isAbsent(metadata().path("deletionTimestamp"));
    }

    public boolean isIgnored() {
        return "true".equals(labels().get(IGNORE));
    }

    public JsonNode metadata() {
        return root.path("metadata");
    }

    static Map<String, String> strings(JsonNode map) {
        Map<String, String> strings = new LinkedHashMap<>();
        map.properties().forEach(entry -> {
            if (entry.getValue().isTextual()) {
                strings.put(entry.getKey(), entry.getValue().textValue());
            }
        });
        return strings;
    }

    private static String text(JsonNode node) {
        return node.isTextual() ? node.textValue() : "";
    }
}

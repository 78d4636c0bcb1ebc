package dev.trimtab.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A Kubernetes object as raw JSON, and what every kind has. Reading never fails: what has another type than it should
 * counts as not there.
 *
 * @param root the whole document; views share it and never copy
 */
public record Manifest(ObjectNode root) {
    /** On an object or a namespace: Trimtab keeps off. */
    public static final String IGNORE = "trimtab.dev/ignore";

    /** What the object is, by group, version and kind; {@link Kind#OTHER} for what is not Trimtab's. */
    public Kind kind() {
        Kind kind = Kind.of(apiVersion(), kindName());
        return kind == Kind.DEPLOYMENT && !isDeploymentOfKServe() ? Kind.OTHER : kind;
    }

    /**
     * Knative gives the Deployments of its Revisions all labels of the template, KServe's too: it compares those with
     * what it wants and not with what a webhook made of them, so they are never ours.
     */
    private boolean isDeploymentOfKServe() {
        return labels().containsKey(KnativeService.INFERENCE_SERVICE_LABEL)
                && !labels().containsKey("serving.knative.dev/revision");
    }

    /** As written in the document: {@code serving.knative.dev/v1}. */
    public String apiVersion() {
        return text(root.path("apiVersion"));
    }

    /** The kind as written in the document, also where it is not Trimtab's. */
    public String kindName() {
        return text(root.path("kind"));
    }

    public String name() {
        return text(metadata().path("name"));
    }

    /** For people: the name, {@code sweep-*} where the API server will make one of {@code generateName}. */
    public String title() {
        String prefix = text(metadata().path("generateName"));
        if (!name().isEmpty()) {
            return name();
        }
        return prefix.isEmpty() ? "without a name" : prefix + "*";
    }

    /** Empty where the document names none: the request or the command line then says which one. */
    public String namespace() {
        return text(metadata().path("namespace"));
    }

    public Map<String, String> labels() {
        return strings(metadata().path("labels"));
    }

    public Annotations annotations() {
        return new Annotations(metadata().path("annotations"));
    }

    /** Whether the object is on its way out: then nothing about it is worth a change. */
    public boolean isBeingDeleted() {
        return !Pointers.isAbsent(metadata().path("deletionTimestamp"));
    }

    /** Whether its author wants Trimtab to keep off. */
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

package dev.trimtab.drift;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import java.util.Optional;

/** The kinds of stored objects that a scan inspects, in its order. */
public enum Scanned {
    INFERENCE_SERVICES(Kind.INFERENCE_SERVICE, ""),
    INFERENCE_GRAPHS(Kind.INFERENCE_GRAPH, ""),
    KNATIVE_SERVICES(Kind.KNATIVE_SERVICE, ""),
    /** Those of KServe's Standard mode. */
    DEPLOYMENTS(Kind.DEPLOYMENT, KnativeService.INFERENCE_SERVICE_LABEL);

    private final Kind kind;
    private final String selector;

    Scanned(Kind kind, String selector) {
        this.kind = kind;
        this.selector = selector;
    }

    public Kind kind() {
        return kind;
    }

    public ResourceKind resource() {
        return ResourceKind.valueOf(kind.name());
    }

    /** By labels; empty for all. */
    public String selector() {
        return selector;
    }

    /** Adds apiVersion and kind, which the API server leaves out of the items of a list. Empty for another kind. */
    public Optional<Manifest> read(ObjectNode item) {
        Manifest manifest =
                new Manifest(item.put("apiVersion", kind.apiVersion()).put("kind", kind.displayName()));
        return manifest.kind() == kind ? Optional.of(manifest) : Optional.empty();
    }
}

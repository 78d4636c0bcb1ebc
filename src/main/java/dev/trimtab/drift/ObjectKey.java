package dev.trimtab.drift;

import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import java.util.Comparator;
import java.util.Optional;

/** Ordered by namespace, then by name. */
public record ObjectKey(Kind kind, String namespace, String name) implements Comparable<ObjectKey> {
    private static final Comparator<ObjectKey> ORDER = Comparator.comparing(ObjectKey::namespace)
            .thenComparing(ObjectKey::name)
            .thenComparing(ObjectKey::kind);

    public static ObjectKey of(Manifest object) {
        return new ObjectKey(object.kind(), object.namespace(), object.name());
    }

    /** The InferenceService or InferenceGraph that KServe rendered the object for. Empty if there is none. */
    public static Optional<ObjectKey> ofOwner(Manifest stored) {
        String service = stored.labels().get(KnativeService.INFERENCE_SERVICE_LABEL);
        String graph = stored.labels().get(KnativeService.INFERENCE_GRAPH_LABEL);
        if (stored.kind().isRendered() || (service == null && graph == null)) {
            return Optional.empty();
        }
        return Optional.of(
                service == null
                        ? new ObjectKey(Kind.INFERENCE_GRAPH, stored.namespace(), graph)
                        : new ObjectKey(Kind.INFERENCE_SERVICE, stored.namespace(), service));
    }

    @Override
    public int compareTo(ObjectKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return "%s %s/%s".formatted(kind.displayName(), namespace, name);
    }
}

package dev.trimtab.drift;

import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import java.util.Comparator;

/** Which object. In the order of namespaces, then names. */
public record ObjectKey(Kind kind, String namespace, String name) implements Comparable<ObjectKey> {
    private static final Comparator<ObjectKey> ORDER = Comparator.comparing(ObjectKey::namespace)
            .thenComparing(ObjectKey::name)
            .thenComparing(ObjectKey::kind);

    public static ObjectKey of(Manifest object) {
        return new ObjectKey(object.kind(), object.namespace(), object.name());
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

package dev.trimtab.cli;

import dev.trimtab.drift.ObjectKey;
import dev.trimtab.kube.RawClient;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.manifest.ResourceKind;

public record ObjectRef(ResourceKind kind, String namespace, String name) {
    public static ObjectRef of(ServiceRef ref) {
        return new ObjectRef(ref.kind().resource(), ref.namespace(), ref.name());
    }

    public static ObjectRef of(ObjectKey key) {
        return new ObjectRef(ResourceKind.valueOf(key.kind().name()), key.namespace(), key.name());
    }

    String path() {
        return RawClient.path(kind, namespace) + "/" + RawClient.encoded(name);
    }

    @Override
    public String toString() {
        return "%s %s/%s".formatted(kind.kindName(), namespace, name);
    }
}

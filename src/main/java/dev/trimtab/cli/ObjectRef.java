package dev.trimtab.cli;

import dev.trimtab.drift.ObjectKey;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.manifest.Kind;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Locale;
import java.util.Optional;

/** An object of a cluster, and where the cluster has it. */
public record ObjectRef(String apiVersion, String kindName, String namespace, String name) {
    public static ObjectRef of(ServiceRef ref) {
        return new ObjectRef(ref.kind().resource().apiVersion(), ref.kind().kindName(), ref.namespace(), ref.name());
    }

    public static ObjectRef of(ObjectKey key) {
        return new ObjectRef(key.kind().apiVersion(), key.kind().displayName(), key.namespace(), key.name());
    }

    /** Where all of its kind are. */
    public static String collection(Kind kind, Optional<String> namespace) {
        return "/apis/" + kind.apiVersion() + LiveCluster.in(namespace) + "/" + plural(kind.displayName());
    }

    String collection() {
        return "/apis/" + apiVersion + LiveCluster.in(Optional.of(namespace)) + "/" + plural(kindName);
    }

    ResourceDefinitionContext definition() {
        int slash = apiVersion.indexOf('/');
        return new ResourceDefinitionContext.Builder()
                .withGroup(apiVersion.substring(0, slash))
                .withVersion(apiVersion.substring(slash + 1))
                .withKind(kindName)
                .withPlural(plural(kindName))
                .withNamespaced(true)
                .build();
    }

    public static String plural(String kindName) {
        return kindName.toLowerCase(Locale.ROOT) + "s";
    }

    @Override
    public String toString() {
        return "%s %s/%s".formatted(kindName, namespace, name);
    }
}

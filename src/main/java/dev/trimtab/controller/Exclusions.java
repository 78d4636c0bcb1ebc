package dev.trimtab.controller;

import dev.trimtab.kube.RawClient;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import java.util.Set;
import java.util.function.Predicate;

/** What Trimtab keeps off: by the label on an object or on its namespace, and the namespaces of the platform. */
public final class Exclusions implements Predicate<Manifest> {
    private final RawClient objects;
    private final Set<String> excluded;

    public Exclusions(RawClient objects, Set<String> excluded) {
        this.objects = objects;
        this.excluded = Set.copyOf(excluded);
    }

    @Override
    public boolean test(Manifest object) {
        return object.isIgnored() || isNamespace(object.namespace());
    }

    public boolean isNamespace(String name) {
        return excluded.contains(name)
                || objects.find(ResourceKind.NAMESPACE, "", name)
                        .map(Manifest::new)
                        .filter(Manifest::isIgnored)
                        .isPresent();
    }
}

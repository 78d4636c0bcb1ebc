package dev.trimtab.controller;

import dev.trimtab.manifest.Manifest;
import java.util.Set;
import java.util.function.Predicate;

/** What Trimtab keeps off: by the label on an object or on its namespace, and the namespaces of the platform. */
final class OffLimits implements Predicate<Manifest> {
    private final Objects objects;
    private final Set<String> excluded;

    OffLimits(Objects objects, Set<String> excluded) {
        this.objects = objects;
        this.excluded = Set.copyOf(excluded);
    }

    @Override
    public boolean test(Manifest object) {
        return object.isIgnored() || isNamespace(object.namespace());
    }

    boolean isNamespace(String name) {
        return excluded.contains(name)
                || objects.find(Kinds.NAMESPACE, "", name)
                        .map(Manifest::new)
                        .filter(Manifest::isIgnored)
                        .isPresent();
    }
}

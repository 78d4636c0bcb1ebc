package dev.trimtab.lifecycle;

/** Kind, namespace and name of a service that can be stopped. */
public record ServiceRef(Stoppable kind, String namespace, String name) {
    @Override
    public String toString() {
        return "%s %s/%s".formatted(kind.kindName(), namespace, name);
    }
}

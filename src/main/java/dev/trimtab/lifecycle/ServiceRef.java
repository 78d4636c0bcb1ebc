package dev.trimtab.lifecycle;

public record ServiceRef(Stoppable kind, String namespace, String name) {
    @Override
    public String toString() {
        return "%s %s/%s".formatted(kind.kindName(), namespace, name);
    }
}

package dev.trimtab.cli;

import dev.trimtab.lifecycle.Stoppable;

/** The one that is meant. */
record ServiceRef(Stoppable kind, String namespace, String name) {
    @Override
    public String toString() {
        return "%s %s/%s".formatted(kind.kindName(), namespace, name);
    }
}

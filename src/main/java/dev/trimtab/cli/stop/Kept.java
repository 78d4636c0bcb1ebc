package dev.trimtab.cli.stop;

import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.schedule.Keep;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** A service, running or stopped, that a person keeps up or down now. */
record Kept(ServiceRef ref, Keep.InForce keep) {
    static Optional<Kept> of(Stoppable kind, Manifest service, Instant now) {
        return Keep.of(service, now) instanceof Keep.InForce keep
                ? Optional.of(new Kept(new ServiceRef(kind, service.namespace(), service.name()), keep))
                : Optional.empty();
    }

    /** {@code up} or {@code down}, as in the annotation. */
    String word() {
        return keep.phase().term().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return "kept %s%s: %s"
                .formatted(word(), keep.until().map(it -> " until " + it).orElse(", without an end"), ref);
    }
}

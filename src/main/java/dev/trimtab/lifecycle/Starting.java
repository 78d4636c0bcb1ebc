package dev.trimtab.lifecycle;

import dev.trimtab.manifest.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether a service that is not stopped was so a moment ago, by what its status says. */
public final class Starting {
    /** KServe writes {@code Stopped=False} on a new service as well, at its first look. */
    private static final Duration NEW = Duration.ofMinutes(1);

    private Starting() {}

    /** When KServe, or Trimtab, took back that it is stopped; empty for a service that never was. */
    public static Optional<Instant> since(Manifest service) {
        Optional<Instant> created = Times.read(service.metadata().path("creationTimestamp"));
        return new Conditions(service)
                .runningSince()
                .filter(it -> isNoted(service)
                        || (created.isPresent() && it.isAfter(created.get().plus(NEW))));
    }

    /** Whether it was Trimtab: then it is a start beyond doubt, and the moment the same for whoever looks. */
    public static boolean isNoted(Manifest service) {
        Conditions conditions = new Conditions(service);
        return conditions.runningSince().isPresent() && !conditions.hasStopOfKServe();
    }
}

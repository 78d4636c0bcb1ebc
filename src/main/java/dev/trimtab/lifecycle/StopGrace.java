package dev.trimtab.lifecycle;

import dev.trimtab.manifest.Manifest;
import java.time.Duration;
import java.util.Optional;

/** The author's own word on how long the pods of a stopped service may take to end. */
public record StopGrace() {
    public static final String KEY = "trimtab.dev/stop-grace-seconds";

    /** Empty where there is none, and where it is no whole number from 0 to 3600. */
    public static Optional<Duration> of(Manifest service) {
        return service.annotations()
                .text(KEY)
                .filter(it -> it.matches("\\d{1,4}"))
                .map(Integer::parseInt)
                .filter(it -> it <= 3600)
                .map(Duration::ofSeconds);
    }
}

package dev.trimtab.lifecycle;

import dev.trimtab.knative.golang.GoValues;
import dev.trimtab.manifest.Manifest;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code trimtab.dev/stop-grace-seconds} on a service: how long its pods may take to end when it is stopped. */
public final class StopGrace {
    public static final String KEY = "trimtab.dev/stop-grace-seconds";

    /** In seconds: an hour. */
    public static final int LONGEST = 3600;

    private StopGrace() {}

    /** Empty where its author wrote none, and for what is no whole number from 0 to {@link #LONGEST}. */
    public static Optional<Duration> of(Manifest service) {
        OptionalInt seconds =
                service.annotations().text(KEY).map(GoValues::int32).orElse(OptionalInt.empty());
        return seconds.isPresent() && seconds.getAsInt() >= 0 && seconds.getAsInt() <= LONGEST
                ? Optional.of(Duration.ofSeconds(seconds.getAsInt()))
                : Optional.empty();
    }

    /** Whether its author wrote what does not count. */
    public static boolean isUnreadable(Manifest service) {
        return service.annotations().has(KEY) && of(service).isEmpty();
    }
}

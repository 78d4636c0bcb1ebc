package dev.trimtab.policy;

import static dev.trimtab.policy.Fields.get;
import static dev.trimtab.policy.Fields.in;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of a policy that are about stopping and starting. They are the cluster's: a profile has none of them. */
final class LifecycleReader {
    static final List<String> STOP = List.of("gracePeriod", "nativeTimeout");
    static final List<String> LIFECYCLE = List.of("nativeStop");
    static final List<String> START = List.of("deadline");

    private LifecycleReader() {}

    static Lifecycle read(Map<String, YamlValue> top, Lifecycle unset) {
        Map<String, YamlValue> stop = in(top, "stop", STOP);
        return new Lifecycle(
                duration(stop, "gracePeriod", Bounds.STOP_GRACE_PERIOD).orElse(unset.stopGracePeriod()),
                duration(stop, "nativeTimeout", Bounds.NATIVE_TIMEOUT).orElse(unset.nativeTimeout()),
                get(in(top, "lifecycle", LIFECYCLE), "nativeStop", value -> value.choice(NativeStop.class))
                        .orElse(unset.nativeStop()),
                duration(in(top, "start", START), "deadline", Bounds.START_DEADLINE)
                        .orElse(unset.startDeadline()));
    }

    private static Optional<Duration> duration(Map<String, YamlValue> fields, String key, Bounds bounds) {
        return get(fields, key, value -> Numbers.seconds(value, bounds)).map(Duration::ofSeconds);
    }
}

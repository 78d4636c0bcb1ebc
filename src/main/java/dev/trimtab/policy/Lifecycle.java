package dev.trimtab.policy;

import java.time.Duration;

/**
 * How services are stopped and started: the keys {@code stop}, {@code lifecycle} and {@code start} of a policy, every value
 * given, in whole seconds.
 *
 * @param stopGracePeriod how long the pods of a stopped service may take to end before Trimtab ends them, 0s to 1h
 * @param nativeTimeout how long KServe may take to stop a service by itself before Trimtab tears it down, 1s to 1h
 * @param nativeStop whether this KServe stops services itself
 * @param startDeadline after how long a started service that is not ready is reported, 1m to 24h
 */
public record Lifecycle(
        Duration stopGracePeriod, Duration nativeTimeout, NativeStop nativeStop, Duration startDeadline) {}

package dev.trimtab.autoscalers;

import java.util.OptionalInt;

/**
 * How long a metric should be observed: twice as long as a pod takes to start, which is the rule of the ACK guide for
 * Knative's window applied to AIBrix.
 */
public final class ObserveWindow {
    /** The CRD takes 1 to 3600. */
    private static final int LONGEST = 3600;

    private ObserveWindow() {}

    /** In seconds; empty where the start-up time is not known. */
    public static OptionalInt wanted(OptionalInt startupSeconds) {
        return startupSeconds.isPresent()
                ? OptionalInt.of((int) Math.min(LONGEST, 2L * startupSeconds.getAsInt()))
                : OptionalInt.empty();
    }
}

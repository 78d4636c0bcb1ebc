package dev.trimtab.controller;

import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.policy.Lifecycle;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * What the policy and the cluster say at this moment.
 *
 * @param excludedNamespaces where nothing is touched
 */
record Rulebook(
        Supplier<Lifecycle> inForce,
        BiPredicate<Stoppable, DeploymentMode> nativeStop,
        Set<String> excludedNamespaces) {
    Lifecycle lifecycle() {
        return inForce.get();
    }

    /** Whether this KServe is known to stop services of a kind and mode by itself. */
    boolean isStopNative(Stoppable kind, DeploymentMode mode) {
        return nativeStop.test(kind, mode);
    }
}

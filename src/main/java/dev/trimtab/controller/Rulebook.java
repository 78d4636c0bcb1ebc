package dev.trimtab.controller;

import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.policy.Lifecycle;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * What the policy and the cluster say at this moment.
 *
 * @param inForce throws as long as the policy is not read
 * @param knative likewise
 * @param excludedNamespaces where nothing is touched
 */
record Rulebook(
        Supplier<Lifecycle> inForce,
        Supplier<KnativeConfig> knative,
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

package dev.trimtab.controller;

import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.cluster.InvalidConfigMaps.Invalid;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.Policy.Lifecycle;
import dev.trimtab.policy.Policy.Mode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * What the policy and the cluster say at this moment.
 *
 * @param inForce the policy; throws as long as the policy is not read
 * @param knative likewise
 * @param autoscaling what is known of PodAutoscalers; empty as long as a part of it is missing
 * @param defaultMode what KServe makes of a service that names no mode; throws as long as it is not known
 * @param nativeStop whether this KServe is known to stop services of a kind and mode by itself
 * @param invalid the ConfigMaps that would be the policy, or the profiles of a namespace, and cannot be read as such
 * @param excludedNamespaces where nothing is touched
 */
public record ControllerSettings(
        Supplier<Policy> inForce,
        Supplier<KnativeConfig> knative,
        Supplier<Optional<ClusterView>> autoscaling,
        Supplier<DeploymentMode> defaultMode,
        BiPredicate<Stoppable, DeploymentMode> nativeStop,
        Supplier<List<Invalid>> invalid,
        Set<String> excludedNamespaces) {
    public Lifecycle lifecycle() {
        return inForce.get().lifecycle();
    }

    /** Whether nothing is done, only said. */
    public boolean isAudit() {
        return inForce.get().mode() == Mode.AUDIT;
    }

    /** What KServe makes of a service. */
    public DeploymentMode mode(Manifest service) {
        return DeploymentMode.of(service, defaultMode.get());
    }
}

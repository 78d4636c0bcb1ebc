package dev.trimtab.controller;

import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.cluster.InvalidConfigMaps.Invalid;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.kube.RawClient;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.Policy.Lifecycle;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.snapshot.Settings;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * @param inForce the policy; throws if the policy is not read yet
 * @param knative throws if the configuration is not read yet
 * @param autoscaling PodAutoscalers and other scalers; empty as long as a part of them is missing
 * @param defaultMode mode of a service that names none; throws if it is not known yet
 * @param nativeStop whether KServe is known to stop services of a kind and mode by itself
 * @param invalid ConfigMaps of the policy or of namespace profiles that are invalid
 * @param snapshot all that a review reads; throws if it is not read yet
 * @param excludedNamespaces namespaces in which nothing is written
 */
public record ControllerSettings(
        Supplier<Policy> inForce,
        Supplier<KnativeConfig> knative,
        Supplier<Optional<ClusterView>> autoscaling,
        Supplier<DeploymentMode> defaultMode,
        BiPredicate<Stoppable, DeploymentMode> nativeStop,
        Supplier<List<Invalid>> invalid,
        Supplier<Settings> snapshot,
        Set<String> excludedNamespaces) {
    public Lifecycle lifecycle() {
        return inForce.get().lifecycle();
    }

    public boolean isAudit() {
        return inForce.get().mode() == Mode.AUDIT;
    }

    public DeploymentMode mode(Manifest service) {
        return DeploymentMode.of(service, defaultMode.get());
    }

    /** Objects that Trimtab leaves alone: those with the label, in a namespace with the label, or of the platform. */
    public static final class Exclusions implements Predicate<Manifest> {
        private final RawClient objects;
        private final Set<String> excluded;

        public Exclusions(RawClient objects, Set<String> excluded) {
            this.objects = objects;
            this.excluded = Set.copyOf(excluded);
        }

        @Override
        public boolean test(Manifest object) {
            return object.isIgnored() || isNamespace(object.namespace());
        }

        public boolean isNamespace(String name) {
            return excluded.contains(name)
                    || objects.find(ResourceKind.NAMESPACE, "", name)
                            .map(Manifest::new)
                            .filter(Manifest::isIgnored)
                            .isPresent();
        }
    }
}

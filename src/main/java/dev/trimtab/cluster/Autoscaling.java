package dev.trimtab.cluster;

import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.autoscalers.PodAutoscaler;
import dev.trimtab.kube.ResourceWatch;
import dev.trimtab.kube.ResourceWatch.Selection;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/**
 * Follows AIBrix's PodAutoscalers. Follows their targets too, but only if AIBrix is installed: no other cluster is
 * asked for its Deployments.
 */
@ApplicationScoped
public class Autoscaling {
    private final CurrentSettings settings;
    private volatile Optional<ScalingTargets> targets = Optional.empty();

    Autoscaling(CurrentSettings settings) {
        this.settings = settings;
    }

    /** Watches that every review needs. Others are not awaited: the controller finds those conflicts later too. */
    List<ResourceWatch<?>> watches(KubernetesClient client) {
        return List.of(
                ResourceWatch.raw(
                        client,
                        ResourceKind.POD_AUTOSCALER,
                        Selection.ALL,
                        "AIBrix's PodAutoscalers",
                        it -> take(it, client),
                        this::forget),
                ResourceWatch.raw(
                        client,
                        ResourceKind.CUSTOM_RESOURCE_DEFINITION,
                        Selection.byName(ClusterView.DEFINITION),
                        "the CRD " + ClusterView.DEFINITION,
                        it -> takeDefinition(it, client),
                        gone -> hasWindowFields(false)));
    }

    /**
     * Returns the known state once everything is listed. Before that, a conflict that still exists may seem to be over.
     *
     * @throws NotLoadedYet as {@link CurrentSettings#get()}
     */
    public Optional<ClusterView> whole() {
        // Read before isListed(): targets whose watches begin in between are not listed yet.
        ClusterView known = settings.get().autoscaling();
        return targets.map(ScalingTargets::isListed).orElse(true) ? Optional.of(known) : Optional.empty();
    }

    private void take(Manifest object, KubernetesClient client) {
        // Begins here too, in case the CRD may not be read.
        begin(client);
        PodAutoscaler now = ClusterView.autoscaler(object);
        settings.change(it -> it.withAutoscaling(known -> known.with(now)));
    }

    private void forget(Manifest object) {
        settings.change(it -> it.withAutoscaling(known -> known.withoutAutoscaler(object.namespace(), object.name())));
    }

    private void takeDefinition(Manifest object, KubernetesClient client) {
        begin(client);
        hasWindowFields(ClusterView.hasWindowFields(object));
    }

    private void hasWindowFields(boolean now) {
        settings.change(it -> it.withAutoscaling(known -> known.withWindowFields(now)));
    }

    private synchronized void begin(KubernetesClient client) {
        if (targets.isEmpty()) {
            ScalingTargets begun = new ScalingTargets(settings);
            targets = Optional.of(begun);
            begun.start(client);
        }
    }

    @PreDestroy
    void stop() {
        targets.ifPresent(ScalingTargets::close);
    }
}

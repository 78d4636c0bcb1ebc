package dev.trimtab.cluster;

import dev.trimtab.aibrix.ClusterObjects;
import dev.trimtab.aibrix.PodAutoscaler;
import dev.trimtab.aibrix.Surroundings;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/**
 * Follows the PodAutoscalers of AIBrix, and what else there is about their targets. The latter only where AIBrix is
 * installed: no other cluster is asked for its Deployments.
 */
@ApplicationScoped
public class Autoscaling {
    private static final RawKind AUTOSCALERS =
            RawKind.namespaced(ClusterObjects.GROUP, "v1alpha1", "PodAutoscaler", "podautoscalers");
    private static final RawKind DEFINITIONS =
            RawKind.ofCluster("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions");

    private final CurrentSettings settings;
    private volatile Optional<ScalingTargets> targets = Optional.empty();

    Autoscaling(CurrentSettings settings) {
        this.settings = settings;
    }

    /** Those that no review goes without: the others tell of what the controller finds later too. */
    List<Watch> watches(KubernetesClient client) {
        return List.of(
                AUTOSCALERS.watch(client, "AIBrix's PodAutoscalers", it -> take(it, client), this::forget),
                DEFINITIONS.watch(
                        client,
                        ClusterObjects.DEFINITION,
                        "the CRD " + ClusterObjects.DEFINITION,
                        it -> takeDefinition(it, client),
                        gone -> hasWindowFields(false)));
    }

    /**
     * What is known, once all of it has been listed: before, a conflict may seem to be over that is not.
     *
     * @throws NotLoadedYet as {@link CurrentSettings#get()}
     */
    public Optional<Surroundings> whole() {
        // In this order: what begins in between is not listed yet.
        Surroundings known = settings.get().autoscaling();
        return targets.map(ScalingTargets::isListed).orElse(true) ? Optional.of(known) : Optional.empty();
    }

    private void take(GenericKubernetesResource object, KubernetesClient client) {
        // Where the CRD may not be read.
        begin(client);
        PodAutoscaler now = ClusterObjects.autoscaler(AUTOSCALERS.manifest(object));
        String key = now.namespace() + "/" + now.name();
        settings.change(it -> now.equals(it.autoscaling().autoscalers().get(key))
                ? it
                : it.withAutoscaling(known -> known.with(now)));
    }

    private void forget(GenericKubernetesResource object) {
        ObjectMeta gone = object.getMetadata();
        settings.change(
                it -> it.withAutoscaling(known -> known.withoutAutoscaler(gone.getNamespace(), gone.getName())));
    }

    private void takeDefinition(GenericKubernetesResource object, KubernetesClient client) {
        begin(client);
        hasWindowFields(ClusterObjects.hasWindowFields(DEFINITIONS.manifest(object)));
    }

    private void hasWindowFields(boolean now) {
        settings.change(it -> now == it.autoscaling().hasWindowFields()
                ? it
                : it.withAutoscaling(known -> known.withWindowFields(now)));
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

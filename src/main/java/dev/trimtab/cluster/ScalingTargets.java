package dev.trimtab.cluster;

import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.kube.ResourceWatch;
import dev.trimtab.kube.ResourceWatch.Selection;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/**
 * Follows the targets of AIBrix's PodAutoscalers, other autoscalers that may scale them, and ResourceQuotas. Their
 * status changes all the time. A change that does not affect what Trimtab knows copies nothing.
 */
final class ScalingTargets implements AutoCloseable {
    private final CurrentSettings settings;
    private volatile List<ResourceWatch<?>> watches = List.of();
    private volatile CompletableFuture<Void> listed = new CompletableFuture<>();

    ScalingTargets(CurrentSettings settings) {
        this.settings = settings;
    }

    void start(KubernetesClient client) {
        watches = List.of(
                watch(
                        client,
                        ResourceKind.HORIZONTAL_POD_AUTOSCALER,
                        "HorizontalPodAutoscalers",
                        ClusterView::withScaler,
                        ClusterView::withoutScaler),
                watch(
                        client,
                        ResourceKind.SCALED_OBJECT,
                        "KEDA's ScaledObjects",
                        ClusterView::withScaler,
                        ClusterView::withoutScaler),
                watch(
                        client,
                        ResourceKind.DEPLOYMENT,
                        "Deployments that AIBrix may scale",
                        ClusterView::withWorkload,
                        ClusterView::withoutWorkload),
                watch(
                        client,
                        ResourceKind.RESOURCE_QUOTA,
                        "ResourceQuotas",
                        ClusterView::withGpuQuota,
                        ClusterView::withoutGpuQuota));
        listed = CompletableFuture.allOf(
                watches.stream().map(it -> it.start().toCompletableFuture()).toArray(CompletableFuture<?>[]::new));
    }

    private ResourceWatch<?> watch(
            KubernetesClient client,
            ResourceKind kind,
            String title,
            BiFunction<ClusterView, Manifest, ClusterView> onChange,
            BiFunction<ClusterView, Manifest, ClusterView> onGone) {
        return ResourceWatch.raw(
                client,
                kind,
                Selection.ALL,
                title,
                object -> settings.change(it -> it.withAutoscaling(known -> onChange.apply(known, object))),
                object -> settings.change(it -> it.withAutoscaling(known -> onGone.apply(known, object))));
    }

    /** Whether every watch has listed its objects or found its kind missing. */
    boolean isListed() {
        return listed.isDone();
    }

    @Override
    public void close() {
        watches.forEach(ResourceWatch::close);
    }
}

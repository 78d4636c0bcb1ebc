package dev.trimtab.cluster;

import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.kube.ResourceWatch;
import dev.trimtab.kube.ResourceWatch.Selection;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Follows the targets of AIBrix's PodAutoscalers, other autoscalers that may scale them, and ResourceQuotas. Their
 * status changes all the time. A change that does not affect what Trimtab knows makes no new snapshot.
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
                scalers(client, ResourceKind.HORIZONTAL_POD_AUTOSCALER, "HorizontalPodAutoscalers"),
                scalers(client, ResourceKind.SCALED_OBJECT, "KEDA's ScaledObjects"),
                ResourceWatch.raw(
                        client,
                        ResourceKind.DEPLOYMENT,
                        Selection.ALL,
                        "Deployments that AIBrix may scale",
                        this::takeDeployment,
                        this::forgetDeployment),
                ResourceWatch.raw(
                        client,
                        ResourceKind.RESOURCE_QUOTA,
                        Selection.ALL,
                        "ResourceQuotas",
                        this::takeQuota,
                        this::forgetQuota));
        listed = CompletableFuture.allOf(
                watches.stream().map(it -> it.start().toCompletableFuture()).toArray(CompletableFuture<?>[]::new));
    }

    /** Whether every watch has listed its objects or found its kind missing. */
    boolean isListed() {
        return listed.isDone();
    }

    @Override
    public void close() {
        watches.forEach(ResourceWatch::close);
    }

    private ResourceWatch<?> scalers(KubernetesClient client, ResourceKind kind, String title) {
        return ResourceWatch.raw(
                client, kind, Selection.ALL, title, it -> takeScaler(kind, it), gone -> forgetScaler(kind, gone));
    }

    private void takeScaler(ResourceKind kind, Manifest object) {
        String key = kind.kindName() + "/" + key(object);
        ClusterView.scaler(object)
                .ifPresentOrElse(
                        now -> unless(
                                known -> now.equals(known.scalers().get(key)), known -> known.withScaler(key, now)),
                        () -> forgetScaler(kind, object));
    }

    private void forgetScaler(ResourceKind kind, Manifest object) {
        String key = kind.kindName() + "/" + key(object);
        unless(known -> !known.scalers().containsKey(key), known -> known.withoutScaler(key));
    }

    private void takeDeployment(Manifest object) {
        ClusterView.workload(object)
                .ifPresentOrElse(
                        now -> unless(
                                known -> now.equals(known.workloads().get(key(object))),
                                known -> known.withWorkload(object.namespace(), object.name(), now)),
                        () -> forgetDeployment(object));
    }

    private void forgetDeployment(Manifest object) {
        unless(
                known -> !known.workloads().containsKey(key(object)),
                known -> known.withoutWorkload(object.namespace(), object.name()));
    }

    private void takeQuota(Manifest object) {
        Map<String, BigDecimal> now = ClusterView.quota(object);
        if (now.isEmpty()) {
            forgetQuota(object);
        } else {
            unless(
                    known -> now.equals(known.gpuQuotas().get(key(object))),
                    known -> known.withGpuQuota(key(object), now));
        }
    }

    private void forgetQuota(Manifest object) {
        unless(known -> !known.gpuQuotas().containsKey(key(object)), known -> known.withoutGpuQuota(key(object)));
    }

    private static String key(Manifest object) {
        return object.namespace() + "/" + object.name();
    }

    private void unless(Predicate<ClusterView> known, UnaryOperator<ClusterView> change) {
        settings.change(it -> known.test(it.autoscaling()) ? it : it.withAutoscaling(change));
    }
}

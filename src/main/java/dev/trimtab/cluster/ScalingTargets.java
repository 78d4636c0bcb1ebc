package dev.trimtab.cluster;

import dev.trimtab.aibrix.ClusterObjects;
import dev.trimtab.aibrix.Surroundings;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Follows what a PodAutoscaler of AIBrix scales, and who else does. The status of these is written all the time: what leaves
 * as it was what we know of one makes no new snapshot.
 */
final class ScalingTargets implements AutoCloseable {
    /** v1 is served by every Kubernetes, and has what we read. */
    private static final RawKind HPAS =
            RawKind.namespaced("autoscaling", "v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers");

    private static final RawKind SCALED_OBJECTS =
            RawKind.namespaced("keda.sh", "v1alpha1", "ScaledObject", "scaledobjects");
    private static final RawKind DEPLOYMENTS = RawKind.namespaced("apps", "v1", "Deployment", "deployments");
    private static final RawKind QUOTAS = RawKind.namespaced("", "v1", "ResourceQuota", "resourcequotas");

    private final CurrentSettings settings;
    private volatile List<Watch> watches = List.of();
    private volatile CompletableFuture<Void> listed = new CompletableFuture<>();

    ScalingTargets(CurrentSettings settings) {
        this.settings = settings;
    }

    void start(KubernetesClient client) {
        watches = List.of(
                scalers(client, HPAS, "HorizontalPodAutoscalers"),
                scalers(client, SCALED_OBJECTS, "KEDA's ScaledObjects"),
                DEPLOYMENTS.watch(
                        client, "Deployments that AIBrix may scale", this::takeDeployment, this::forgetDeployment),
                QUOTAS.watch(client, "ResourceQuotas", this::takeQuota, this::forgetQuota));
        listed = CompletableFuture.allOf(
                watches.stream().map(it -> it.start().toCompletableFuture()).toArray(CompletableFuture<?>[]::new));
    }

    /** Whether each has been listed, or found missing. */
    boolean isListed() {
        return listed.isDone();
    }

    @Override
    public void close() {
        watches.forEach(Watch::close);
    }

    private Watch scalers(KubernetesClient client, RawKind kind, String title) {
        return kind.watch(client, title, it -> takeScaler(kind, it), gone -> forgetScaler(kind, gone));
    }

    private void takeScaler(RawKind kind, GenericKubernetesResource object) {
        String key = kind.kindName() + "/" + key(object);
        ClusterObjects.scaler(kind.manifest(object))
                .ifPresentOrElse(
                        now -> unless(
                                known -> now.equals(known.scalers().get(key)), known -> known.withScaler(key, now)),
                        () -> forgetScaler(kind, object));
    }

    private void forgetScaler(RawKind kind, GenericKubernetesResource object) {
        String key = kind.kindName() + "/" + key(object);
        unless(known -> !known.scalers().containsKey(key), known -> known.withoutScaler(key));
    }

    private void takeDeployment(GenericKubernetesResource object) {
        ObjectMeta metadata = object.getMetadata();
        ClusterObjects.workload(DEPLOYMENTS.manifest(object))
                .ifPresentOrElse(
                        now -> unless(
                                known -> now.equals(known.workloads().get(key(object))),
                                known -> known.withWorkload(metadata.getNamespace(), metadata.getName(), now)),
                        () -> forgetDeployment(object));
    }

    private void forgetDeployment(GenericKubernetesResource object) {
        ObjectMeta metadata = object.getMetadata();
        unless(
                known -> !known.workloads().containsKey(key(object)),
                known -> known.withoutWorkload(metadata.getNamespace(), metadata.getName()));
    }

    private void takeQuota(GenericKubernetesResource object) {
        Map<String, BigDecimal> now = ClusterObjects.quota(QUOTAS.manifest(object));
        if (now.isEmpty()) {
            forgetQuota(object);
        } else {
            unless(
                    known -> now.equals(known.gpuQuotas().get(key(object))),
                    known -> known.withGpuQuota(key(object), now));
        }
    }

    private void forgetQuota(GenericKubernetesResource object) {
        unless(known -> !known.gpuQuotas().containsKey(key(object)), known -> known.withoutGpuQuota(key(object)));
    }

    private static String key(GenericKubernetesResource object) {
        return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
    }

    private void unless(Predicate<Surroundings> known, UnaryOperator<Surroundings> change) {
        settings.change(it -> known.test(it.autoscaling()) ? it : it.withAutoscaling(change));
    }
}

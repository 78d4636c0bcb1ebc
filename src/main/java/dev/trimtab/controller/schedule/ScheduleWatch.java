package dev.trimtab.controller.schedule;

import dev.trimtab.controller.WorkQueue;
import dev.trimtab.kube.ResourceWatch;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import dev.trimtab.schedule.ScheduleRef;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Queues ServingSchedules when they change, and when a service of their namespace does. */
public final class ScheduleWatch implements AutoCloseable {
    /** Delay that makes one reconcile of several events. */
    private static final Duration MANY_EVENTS = Duration.ofSeconds(1);

    private final WorkQueue<ScheduleRef> queue;
    private final ResourceWatch<GenericKubernetesResource> watch;
    private final Map<String, Set<ScheduleRef>> byNamespace = new ConcurrentHashMap<>();

    public ScheduleWatch(KubernetesClient client, ScheduleReconciler reconciler) {
        this.queue = new WorkQueue<>(reconciler::reconcile, WorkQueue.threads());
        this.watch = ResourceWatch.withoutStatus(
                client, ResourceKind.SERVING_SCHEDULE, "ServingSchedules", this::changed, this::gone);
    }

    public void start() {
        CompletionStage<Void> unused = watch.start();
    }

    private void changed(Manifest schedule) {
        ScheduleRef ref = ref(schedule);
        byNamespace
                .computeIfAbsent(ref.namespace(), it -> ConcurrentHashMap.newKeySet())
                .add(ref);
        queue.add(ref, MANY_EVENTS);
        // Another schedule of the namespace may overlap now, or no longer.
        serviceChanged(ref.namespace());
    }

    private void gone(Manifest schedule) {
        ScheduleRef ref = ref(schedule);
        byNamespace.getOrDefault(ref.namespace(), Set.of()).remove(ref);
        queue.add(ref);
        serviceChanged(ref.namespace());
    }

    /** A service, or its label or status, has changed. */
    public void serviceChanged(String namespace) {
        byNamespace.getOrDefault(namespace, Set.of()).forEach(it -> queue.add(it, MANY_EVENTS));
    }

    private static ScheduleRef ref(Manifest schedule) {
        return new ScheduleRef(schedule.namespace(), schedule.name());
    }

    @Override
    public void close() {
        watch.close();
        queue.close();
    }
}

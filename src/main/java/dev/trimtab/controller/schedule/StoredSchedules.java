package dev.trimtab.controller.schedule;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.kube.RawClient;
import dev.trimtab.lifecycle.FinalizerPatch;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import dev.trimtab.schedule.ScheduleRef;
import dev.trimtab.schedule.ScheduleStatus;
import dev.trimtab.schedule.ServingSchedule;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Reads ServingSchedules, and writes their status and finalizer. Each write fails if the schedule has changed since. */
final class StoredSchedules {
    /** Keeps a schedule with {@code onDelete: Start} until its services are started. */
    private static final String FINALIZER = "trimtab.dev/schedule";

    private final RawClient objects;
    private final ScheduleMetrics metrics;
    private final BooleanSupplier leads;

    /** @param leads whether this process still leads: only the leader has metrics of schedules */
    StoredSchedules(RawClient objects, ScheduleMetrics metrics, BooleanSupplier leads) {
        this.objects = objects;
        this.metrics = metrics;
        this.leads = leads;
    }

    /** Metrics of a schedule that is gone go, too. */
    Optional<Manifest> find(ScheduleRef ref) {
        Optional<Manifest> found = objects.find(ResourceKind.SERVING_SCHEDULE, ref.namespace(), ref.name())
                .map(Manifest::new);
        if (found.isEmpty()) {
            metrics.forget(ref);
        }
        return found;
    }

    /** The text of a holiday calendar; empty if the ConfigMap or the key is missing. */
    Optional<String> calendar(String namespace, String key) {
        return objects.find(ResourceKind.CONFIG_MAP, namespace, ServingSchedule.HOLIDAYS)
                .map(it -> it.path("data").path(key).textValue());
    }

    /** Writes the status if it has changed. False if somebody has written the schedule meanwhile. */
    boolean store(Manifest schedule, ScheduleStatus status, Instant now) {
        if (leads.getAsBoolean()) {
            metrics.seen(ref(schedule), status);
        }
        Optional<ArrayNode> patch = status.patch(schedule, now);
        return patch.isEmpty()
                || written(() -> objects.patchStatus(
                        ResourceKind.SERVING_SCHEDULE, schedule.namespace(), schedule.name(), patch.get()));
    }

    static boolean isHeld(Manifest schedule) {
        return FinalizerPatch.of(schedule).has(FINALIZER);
    }

    boolean hold(Manifest schedule) {
        return write(schedule, FinalizerPatch.of(schedule).add(FINALIZER));
    }

    /** Takes the finalizer off, if it is there. False if somebody has written the schedule meanwhile. */
    boolean letGo(Manifest schedule) {
        if (schedule.isBeingDeleted()) {
            metrics.forget(ref(schedule));
        }
        return !isHeld(schedule) || write(schedule, FinalizerPatch.of(schedule).remove(FINALIZER));
    }

    private static ScheduleRef ref(Manifest schedule) {
        return new ScheduleRef(schedule.namespace(), schedule.name());
    }

    private boolean write(Manifest schedule, ArrayNode patch) {
        return written(() -> objects.patch(
                ResourceKind.SERVING_SCHEDULE, schedule.namespace(), schedule.name(), patch, RawClient.FIELD_MANAGER));
    }

    /** False if somebody has written the schedule meanwhile. */
    private static boolean written(Runnable write) {
        try {
            write.run();
            return true;
        } catch (KubernetesClientException problem) {
            Optional<String> refused = ApiProblem.refusal(problem, () -> true);
            if (refused.isPresent()) {
                throw problem;
            }
            return false;
        }
    }
}

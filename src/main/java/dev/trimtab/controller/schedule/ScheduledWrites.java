package dev.trimtab.controller.schedule;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.EventRecorder.EventNote;
import dev.trimtab.kube.RawClient;
import dev.trimtab.lifecycle.AnnotationPatch;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.schedule.Candidate;
import dev.trimtab.schedule.ScheduleRef;
import dev.trimtab.schedule.StopMark;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the stop annotation and the mark, both in one patch, and reports each write in an Event on the service. */
final class ScheduledWrites {
    private final RawClient objects;
    private final EventRecorder events;

    ScheduledWrites(RawClient objects, EventRecorder events) {
        this.objects = objects;
        this.events = events;
    }

    enum Written {
        DONE,
        /** Somebody wrote the service meanwhile: the next reconcile decides anew. */
        CONFLICT,
        /** RBAC, a webhook or a policy of the cluster is against it. */
        REFUSED
    }

    /** @param until when the schedule starts the service again, in words */
    Written stop(Candidate service, StopMark mark, String until) {
        ArrayNode patch = AnnotationPatch.change(
                service.service(), Map.of(StopAnnotation.KEY, "true", StopMark.KEY, mark.text()), List.of());
        String by = "by ServingSchedule %s, %s".formatted(mark.schedule(), until);
        return write(service, patch, Optional.of(EventNote.normal("StoppedBySchedule", by, mark.since())), mark.down());
    }

    /** Writes another mark on a service that is stopped and stays so. */
    Written renew(Candidate service, StopMark mark) {
        ArrayNode patch = AnnotationPatch.change(service.service(), Map.of(StopMark.KEY, mark.text()), List.of());
        return write(service, patch, Optional.empty(), mark.down());
    }

    /** @param began when the phase of the schedule began; a refusal is reported once in a phase */
    Written start(Candidate service, ScheduleRef by, Instant began, Instant now) {
        ArrayNode patch =
                AnnotationPatch.change(service.service(), Map.of(), List.of(StopAnnotation.KEY, StopMark.KEY));
        return write(service, patch, Optional.of(EventNote.normal("StartedBySchedule", "by " + by, now)), began);
    }

    private Written write(Candidate service, ArrayNode patch, Optional<EventNote> done, Instant began) {
        ServiceRef ref = service.ref();
        try {
            objects.patch(ref.kind().resource(), ref.namespace(), ref.name(), patch, StopMark.FIELD_MANAGER);
            done.ifPresent(it -> events.record(service.service(), it));
            return Written.DONE;
        } catch (KubernetesClientException problem) {
            Optional<String> refused = ApiProblem.refusal(problem, () -> isOutdated(service.service(), ref));
            refused.ifPresent(
                    why -> events.record(service.service(), EventNote.warning("ScheduleRefused", why, began)));
            return refused.isPresent() ? Written.REFUSED : Written.CONFLICT;
        }
    }

    private boolean isOutdated(Manifest service, ServiceRef ref) {
        String version = service.metadata().path("resourceVersion").asText("");
        return objects.isOutdated(ref.kind().resource(), ref.namespace(), ref.name(), version);
    }
}

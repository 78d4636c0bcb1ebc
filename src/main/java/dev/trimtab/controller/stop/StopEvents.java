package dev.trimtab.controller.stop;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.controller.stop.StopHistory.StopProgress;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.EventRecorder.EventNote;
import dev.trimtab.kube.EventRecorder.Result;
import dev.trimtab.lifecycle.Conditions;
import dev.trimtab.lifecycle.EventAnnotations;
import dev.trimtab.lifecycle.ObservedService;
import dev.trimtab.lifecycle.ServiceHistory;
import dev.trimtab.lifecycle.Step;
import dev.trimtab.lifecycle.StopPlan;
import dev.trimtab.lifecycle.StopPlan.Phase;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Policy.NativeStop;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Posts the Events of a stop, each once. */
final class StopEvents {
    private final EventRecorder events;

    StopEvents(EventRecorder events) {
        this.events = events;
    }

    StopProgress stopping(ObservedService view, StopPlan plan, StopProgress progress) {
        Manifest service = view.service();
        if (plan.phase() == Phase.NOT_SUPPORTED) {
            events.record(
                    service,
                    EventNote.warning(
                            "NotSupported", "ModelMesh has no stop: the model keeps running", progress.since()));
            return progress;
        }
        boolean announced = true;
        if (!progress.announced()) {
            String message = (plan.held().isEmpty() ? "no pod runs" : plan.held() + " to be released")
                    + canary(service).map(it -> "; " + it).orElse("");
            Result said = events.record(
                    service,
                    EventNote.normal(ServiceHistory.STOPPING, message, progress.since())
                            .with(EventAnnotations.GPUS, EventAnnotations.text(progress.gpus())));
            announced = said != Result.RETRY;
        }
        String taken = plan.steps().stream()
                .filter(it -> it instanceof Step.Delete || it instanceof Step.Hold)
                .map(Step::toString)
                .collect(Collectors.joining(", "));
        if (!taken.isEmpty()) {
            String why = why(view);
            events.record(service, EventNote.normal("TakingDown", why + ": " + taken, progress.since()));
        }
        if (!plan.blocks().isEmpty()) {
            events.record(
                    service, EventNote.warning("StopBlocked", String.join("; ", plan.blocks()), progress.since()));
        }
        return announced ? progress.withAnnounced() : progress;
    }

    private static String why(ObservedService view) {
        if (new Conditions(view.service()).isStopped()) {
            return "KServe has left this behind";
        }
        return view.policy().nativeStop() == NativeStop.NEVER
                ? "this KServe has no stop"
                : "KServe has not stopped it within %d s"
                        .formatted(view.policy().nativeTimeout().toSeconds());
    }

    void refused(Manifest service, StopProgress progress, List<String> refused) {
        for (String why : refused) {
            events.record(service, EventNote.warning("StopBlocked", why, progress.since()));
        }
    }

    Result released(Manifest service, StopProgress progress, Instant now) {
        if (!progress.announced()) {
            // An old stop: the cluster has deleted its Event.
            return Result.KNOWN;
        }
        String what = progress.gpus().isNone() ? "it held no GPU" : progress.gpus() + " free";
        String took = Duration.between(progress.since(), now).toSeconds() + " s";
        return events.record(
                service,
                EventNote.normal("Released", "%s, %s after the stop".formatted(what, took), progress.since())
                        .with(EventAnnotations.GPUS, EventAnnotations.text(progress.gpus())));
    }

    /** KServe forgets the canary at a stop: a start sends all traffic to the latest (kserve 0.20, predictor.go). */
    private static Optional<String> canary(Manifest service) {
        JsonNode percent = service.root().at("/spec/predictor/canaryTrafficPercent");
        return percent.isNumber() && percent.intValue() < 100
                ? Optional.of("the canary had %d %% of the traffic, and after a start the latest has all of it"
                        .formatted(percent.intValue()))
                : Optional.empty();
    }
}

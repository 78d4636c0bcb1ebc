package dev.trimtab.controller;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.controller.Announcer.News;
import dev.trimtab.controller.Announcer.Said;
import dev.trimtab.lifecycle.Conditions;
import dev.trimtab.lifecycle.EventNotes;
import dev.trimtab.lifecycle.ServiceHistory;
import dev.trimtab.lifecycle.Step;
import dev.trimtab.lifecycle.StopPlan;
import dev.trimtab.lifecycle.StopPlan.Phase;
import dev.trimtab.lifecycle.StopView;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.NativeStop;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is said of a stop, as Events: each once. */
final class StopNews {
    private final Announcer announcer;

    StopNews(Announcer announcer) {
        this.announcer = announcer;
    }

    Track stopping(StopView view, StopPlan plan, Track track) {
        Manifest service = view.service();
        if (plan.phase() == Phase.NOT_SUPPORTED) {
            announcer.say(
                    service,
                    News.warning("NotSupported", "ModelMesh has no stop: the model keeps running", track.since()));
            return track;
        }
        boolean announced = true;
        if (!track.announced()) {
            String message = (plan.held().isEmpty() ? "no pod runs" : plan.held() + " to be released")
                    + canary(service).map(it -> "; " + it).orElse("");
            Said said = announcer.say(
                    service,
                    News.normal(ServiceHistory.STOPPING, message, track.since())
                            .with(EventNotes.GPUS, EventNotes.text(track.gpus())));
            announced = said != Said.NOT_YET;
        }
        String taken = plan.steps().stream()
                .filter(it -> it instanceof Step.Delete || it instanceof Step.Hold)
                .map(Step::toString)
                .collect(Collectors.joining(", "));
        if (!taken.isEmpty()) {
            String why = why(view);
            announcer.say(service, News.normal("TakingDown", why + ": " + taken, track.since()));
        }
        if (!plan.blocks().isEmpty()) {
            announcer.say(service, News.warning("StopBlocked", String.join("; ", plan.blocks()), track.since()));
        }
        return announced ? track.withAnnounced() : track;
    }

    private static String why(StopView view) {
        if (new Conditions(view.service()).isStopped()) {
            return "KServe has left this behind";
        }
        return view.policy().nativeStop() == NativeStop.NEVER
                ? "this KServe has no stop"
                : "KServe has not stopped it within %d s"
                        .formatted(view.policy().nativeTimeout().toSeconds());
    }

    void refused(Manifest service, Track track, List<String> refused) {
        for (String why : refused) {
            announcer.say(service, News.warning("StopBlocked", why, track.since()));
        }
    }

    Said released(Manifest service, Track track, Instant now) {
        if (!track.announced()) {
            // Stopped so long ago that the cluster has forgotten what was said: no news.
            return Said.BEFORE;
        }
        String what = track.gpus().isNone() ? "it held no GPU" : track.gpus() + " free";
        String took = Duration.between(track.since(), now).toSeconds() + " s";
        return announcer.say(
                service,
                News.normal("Released", "%s, %s after the stop".formatted(what, took), track.since())
                        .with(EventNotes.GPUS, EventNotes.text(track.gpus())));
    }

    /** What KServe forgets when it stops: after a start all traffic goes to the latest (kserve 0.20, predictor.go). */
    private static Optional<String> canary(Manifest service) {
        JsonNode percent = service.root().at("/spec/predictor/canaryTrafficPercent");
        return percent.isNumber() && percent.intValue() < 100
                ? Optional.of("the canary had %d %% of the traffic, and after a start the latest has all of it"
                        .formatted(percent.intValue()))
                : Optional.empty();
    }
}

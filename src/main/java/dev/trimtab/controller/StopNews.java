package dev.trimtab.controller;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.controller.Announcer.News;
import dev.trimtab.lifecycle.Step;
import dev.trimtab.lifecycle.StopPlan;
import dev.trimtab.lifecycle.StopPlan.Phase;
import dev.trimtab.lifecycle.StopView;
import dev.trimtab.manifest.Manifest;
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
        if (!track.announced()) {
            String message = (plan.held().isEmpty() ? "no pod runs" : plan.held() + " to be released")
                    + canary(service).map(it -> "; " + it).orElse("");
            announcer.say(
                    service,
                    News.normal("Stopping", message, track.since()).with(GpuNote.KEY, GpuNote.text(track.gpus())));
        }
        String taken = plan.steps().stream()
                .filter(it -> it instanceof Step.Delete || it instanceof Step.Hold)
                .map(Step::toString)
                .collect(Collectors.joining(", "));
        if (!taken.isEmpty()) {
            String why = view.stopIsNative()
                    ? "KServe has left this behind"
                    : "KServe has not stopped it within %d s"
                            .formatted(view.policy().nativeTimeout().toSeconds());
            announcer.say(service, News.normal("TakingDown", why + ": " + taken, track.since()));
        }
        if (!plan.blocks().isEmpty()) {
            announcer.say(service, News.warning("StopBlocked", String.join("; ", plan.blocks()), track.since()));
        }
        return track.withAnnounced();
    }

    void refused(Manifest service, Track track, List<String> refused) {
        for (String why : refused) {
            announcer.say(service, News.warning("StopBlocked", why, track.since()));
        }
    }

    /** @return whether nobody has said it yet */
    boolean released(Manifest service, Track track, Instant now) {
        if (!track.announced()) {
            // Stopped so long ago that the cluster has forgotten what was said: no news.
            return false;
        }
        String what = track.gpus().isNone() ? "it held no GPU" : track.gpus() + " free";
        String took = Duration.between(track.since(), now).toSeconds() + " s";
        return announcer.say(
                service,
                News.normal("Released", "%s, %s after the stop".formatted(what, took), track.since())
                        .with(GpuNote.KEY, GpuNote.text(track.gpus())));
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

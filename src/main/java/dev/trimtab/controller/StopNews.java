package dev.trimtab.controller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.controller.Announcer.News;
import dev.trimtab.lifecycle.GpuCount;
import dev.trimtab.lifecycle.Step;
import dev.trimtab.lifecycle.StopPlan;
import dev.trimtab.lifecycle.StopPlan.Phase;
import dev.trimtab.lifecycle.StopView;
import dev.trimtab.manifest.Manifest;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is said of a stop, as Events: each once. */
final class StopNews {
    /** On the Event {@code Stopping}: the GPUs by resource, for the next leader and for {@code trimtab status}. */
    static final String GPUS = "trimtab.dev/gpus";

    private static final JsonMapper JSON = new JsonMapper();

    private final Announcer announcer;

    StopNews(Announcer announcer) {
        this.announcer = announcer;
    }

    /** What an earlier leader noted of this stop. */
    Track recall(Manifest service, Instant since) {
        String uid = service.metadata().path("uid").asText("");
        GpuCount gpus = announcer
                .find(service, "Stopping", since)
                .map(event -> gpus(event.path("metadata").path("annotations").path(GPUS)))
                .orElse(GpuCount.NONE);
        return new Track(uid, since, gpus, false, false);
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
                    service, News.normal("Stopping", message, track.since()).with(GPUS, json(track.gpus())));
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
        // Stopped so long ago that the cluster has forgotten what was said: no news.
        if (!track.announced()
                && announcer.find(service, "Stopping", track.since()).isEmpty()) {
            return false;
        }
        String what = track.gpus().isNone() ? "it held no GPU" : track.gpus() + " free";
        String took = Duration.between(track.since(), now).toSeconds() + " s";
        return announcer.say(
                service,
                News.normal("Released", "%s, %s after the stop".formatted(what, took), track.since())
                        .with(GPUS, json(track.gpus())));
    }

    /** What KServe forgets when it stops: after a start all traffic goes to the latest (kserve 0.20, predictor.go). */
    private static Optional<String> canary(Manifest service) {
        JsonNode percent = service.root().at("/spec/predictor/canaryTrafficPercent");
        return percent.isNumber() && percent.intValue() < 100
                ? Optional.of("the canary had %d %% of the traffic, and after a start the latest has all of it"
                        .formatted(percent.intValue()))
                : Optional.empty();
    }

    private static String json(GpuCount gpus) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        gpus.byResource().forEach((resource, amount) -> json.put(resource, amount.toPlainString()));
        return json.toString();
    }

    private static GpuCount gpus(JsonNode note) {
        Map<String, BigDecimal> gpus = new HashMap<>();
        try {
            for (Map.Entry<String, JsonNode> entry :
                    JSON.readTree(note.asText("{}")).properties()) {
                gpus.put(entry.getKey(), new BigDecimal(entry.getValue().asText()));
            }
        } catch (JsonProcessingException | NumberFormatException noneOfOurs) {
            return GpuCount.NONE;
        }
        return new GpuCount(gpus);
    }
}

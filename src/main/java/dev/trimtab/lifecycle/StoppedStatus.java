package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The status of a stopped service where KServe writes none, as KServe 0.16 would (predictor.go 247-269, controller.go
 * 307-339; InferenceGraph: controller.go 271-315). Written once for each stop and each start, and for the very version
 * that was read: {@code conditions} is one atomic list, and each write makes KServe look at the service again.
 */
public final class StoppedStatus {
    private static final String STOPPED = "Stopped";
    private static final String MODEL_STATUS = "/status/modelStatus/transitionStatus";
    private static final String CONDITIONS = "/status/conditions";

    private static final Map<Stoppable, List<String>> NOT_READY = Map.of(
            Stoppable.INFERENCE_SERVICE, List.of("Ready", "PredictorReady", "IngressReady", "RoutesReady"),
            Stoppable.INFERENCE_GRAPH, List.of("Ready"));
    private static final Set<String> NOT_READY_IF_THERE = Set.of("TransformerReady", "ExplainerReady");

    private StoppedStatus() {}

    /**
     * Of a service of which nothing is left. A KServe that knows stops, and did not come to this one, has it as ready
     * still; and with {@code serving.kserve.io/disable-auto-update} it would look at it no more for as long as that is so,
     * not even to start it (kserve 0.20, controller.go 217-222). So there it is told that it is not ready.
     */
    static Optional<Step> of(StopView view) {
        return view.stopIsNative() || new Conditions(view.service()).hasStopOfKServe()
                ? notReady(view.kind(), view.service(), view.now())
                : stopped(view.kind(), view.service(), view.now());
    }

    private static Optional<Step> notReady(Stoppable kind, Manifest service, Instant now) {
        Map<String, JsonNode> after = byType(service);
        boolean ready = after.containsKey("Ready")
                && after.get("Ready").path("status").asText("").equals("True");
        if (!NOT_READY.containsKey(kind) || !ready || new Conditions(service).isStopped()) {
            return Optional.empty();
        }
        set(after, "Ready", "False", STOPPED, "taken down by Trimtab, since KServe has not", now);
        return Optional.of(new Step.WriteStatus(patch(service, after)));
    }

    /** Empty where it says so already, or KServe writes it. */
    static Optional<Step> stopped(Stoppable kind, Manifest service, Instant now) {
        Conditions conditions = new Conditions(service);
        if (!NOT_READY.containsKey(kind) || conditions.hasStopOfKServe() || conditions.isStopped()) {
            return Optional.empty();
        }
        Map<String, JsonNode> after = byType(service);
        Set<String> notReady = new LinkedHashSet<>(NOT_READY.get(kind));
        NOT_READY_IF_THERE.stream().filter(after::containsKey).forEach(notReady::add);
        notReady.forEach(type -> set(after, type, "False", STOPPED, Conditions.TAKEN_DOWN, now));
        set(after, STOPPED, "True", Conditions.OURS, Conditions.TAKEN_DOWN, now);
        ArrayNode patch = patch(service, after);
        if (!service.root().at(MODEL_STATUS).asText("").isEmpty()) {
            // "Stopped" is not in KServe's enum of it.
            patch.addObject().put("op", "replace").put("path", MODEL_STATUS).put("value", "");
        }
        return Optional.of(new Step.WriteStatus(patch));
    }

    /** Empty where Trimtab has not written that it is stopped. */
    public static Optional<Step> started(Manifest service, Instant now) {
        Conditions conditions = new Conditions(service);
        if (!conditions.isStopped() || conditions.hasStopOfKServe()) {
            return Optional.empty();
        }
        Map<String, JsonNode> after = byType(service);
        set(after, STOPPED, "False", Conditions.OURS, "", now);
        return Optional.of(new Step.WriteStatus(patch(service, after)));
    }

    /** In the order in which Knative's condition manager keeps them. */
    private static Map<String, JsonNode> byType(Manifest service) {
        Map<String, JsonNode> conditions = new TreeMap<>();
        service.root()
                .at(CONDITIONS)
                .forEach(it -> conditions.put(it.path("type").asText(""), it));
        return conditions;
    }

    private static void set(
            Map<String, JsonNode> conditions, String type, String status, String reason, String message, Instant now) {
        JsonNode before = conditions.get(type);
        boolean same = before != null && before.path("status").asText("").equals(status);
        ObjectNode condition = JsonNodeFactory.instance.objectNode();
        condition.put("type", type).put("status", status).put("reason", reason);
        condition.set(
                "lastTransitionTime",
                same && before.hasNonNull("lastTransitionTime")
                        ? before.get("lastTransitionTime")
                        : JsonNodeFactory.instance.textNode(
                                now.truncatedTo(ChronoUnit.SECONDS).toString()));
        if (!message.isEmpty()) {
            condition.put("message", message);
        }
        if (type.equals(STOPPED)) {
            condition.put("severity", "Info");
        }
        conditions.put(type, condition);
    }

    private static ArrayNode patch(Manifest service, Map<String, JsonNode> conditions) {
        ArrayNode patch = AnnotationPatch.onlyIfUnchanged(service);
        if (!service.root().path("status").isObject()) {
            patch.addObject().put("op", "add").put("path", "/status").putObject("value");
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        conditions.values().forEach(list::add);
        patch.addObject().put("op", "add").put("path", CONDITIONS).set("value", list);
        return patch;
    }
}

package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.Manifest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The status of a stopped service if KServe writes none. Sets the same conditions to False as KServe 0.16, but only
 * those that are there. A condition that the cluster's KServe does not manage would stay for good, and keep Ready at
 * False after the start. KServe 0.14.1 and 0.15.2 manage RoutesReady in Knative mode only; 0.15.2 manages Stopped in
 * Knative mode only, 0.14.1 in no mode.
 *
 * <p>Written once for each stop and each start, because each write makes KServe reconcile the service. The patch fails
 * if the service has changed since it was read, because {@code conditions} is one atomic list.
 */
public final class StoppedStatus {
    private static final String STOPPED = "Stopped";
    private static final String MODEL_STATUS = "/status/modelStatus/transitionStatus";
    private static final String CONDITIONS = "/status/conditions";

    /** Conditions that every KServe sets again at a start, in each mode (kserve 0.14 to 0.20). */
    private static final Map<Stoppable, Set<String>> ALWAYS_MANAGED = Map.of(
            Stoppable.INFERENCE_SERVICE, Set.of("Ready", "PredictorReady", "IngressReady"),
            Stoppable.INFERENCE_GRAPH, Set.of("Ready"));

    /** Conditions that KServe also manages if an InferenceService has the component. */
    private static final Set<String> OF_COMPONENTS = Set.of("TransformerReady", "ExplainerReady");

    /** Condition that KServe also manages if an InferenceService is in Knative mode. */
    private static final String OF_KNATIVE = "RoutesReady";

    private StoppedStatus() {}

    /**
     * The status of a service that has no parts left. If a KServe that knows stops did not stop it, the status is still
     * Ready. With {@code serving.kserve.io/disable-auto-update} that KServe ignores the service as long as it is Ready,
     * even to start it (kserve 0.20, controller.go 217-222). So only Ready is set to False.
     *
     * <p>Empty for a graph with a held child. KServe before 0.16 finds the child and writes all conditions of the graph
     * (inferencegraph/controller.go) at each reconcile. Each write of Trimtab would cause another reconcile.
     */
    static Optional<Step> of(ObservedService view) {
        if (view.kind() == Stoppable.INFERENCE_GRAPH && view.children().stream().anyMatch(Child::held)) {
            return Optional.empty();
        }
        return view.stopIsNative() || new Conditions(view.service()).hasStopOfKServe()
                ? notReady(view.kind(), view.service(), view.now())
                : stopped(view.kind(), view.service(), view.mode(), view.now());
    }

    private static Optional<Step> notReady(Stoppable kind, Manifest service, Instant now) {
        Map<String, JsonNode> after = byType(service);
        boolean ready = after.containsKey("Ready")
                && after.get("Ready").path("status").asText("").equals("True");
        if (!ALWAYS_MANAGED.containsKey(kind) || !ready || new Conditions(service).isStopped()) {
            return Optional.empty();
        }
        set(after, "Ready", "False", STOPPED, Conditions.BY_TRIMTAB + ", since KServe has not", now);
        return Optional.of(new Step.WriteStatus(patch(service, after)));
    }

    /** Empty if the status says Stopped already, or if KServe writes it. */
    static Optional<Step> stopped(Stoppable kind, Manifest service, DeploymentMode mode, Instant now) {
        Conditions conditions = new Conditions(service);
        if (!ALWAYS_MANAGED.containsKey(kind) || conditions.hasStopOfKServe() || conditions.isStopped()) {
            return Optional.empty();
        }
        Map<String, JsonNode> after = byType(service);
        for (String type : List.copyOf(after.keySet())) {
            if (isManaged(kind, mode, type)) {
                set(after, type, "False", STOPPED, Conditions.TAKEN_DOWN, now);
            }
        }
        set(after, STOPPED, "True", Conditions.OURS, Conditions.TAKEN_DOWN, now);
        ArrayNode patch = patch(service, after);
        if (!service.root().at(MODEL_STATUS).asText("").isEmpty()) {
            // KServe's enum of this field has no "Stopped".
            patch.addObject().put("op", "replace").put("path", MODEL_STATUS).put("value", "");
        }
        return Optional.of(new Step.WriteStatus(patch));
    }

    private static boolean isManaged(Stoppable kind, DeploymentMode mode, String type) {
        return ALWAYS_MANAGED.get(kind).contains(type)
                || (kind == Stoppable.INFERENCE_SERVICE
                        && (OF_COMPONENTS.contains(type)
                                || (type.equals(OF_KNATIVE) && mode == DeploymentMode.KNATIVE)));
    }

    /**
     * Removes what a stop of this or an older Trimtab wrote, except conditions that every KServe sets again. An older
     * Trimtab wrote RoutesReady in each mode, and left its Stopped there. Empty if there is nothing to remove.
     */
    public static Optional<Step> started(Stoppable kind, Manifest service) {
        if (!hasTraces(kind, service)) {
            return Optional.empty();
        }
        Map<String, JsonNode> after = byType(service);
        after.values().removeIf(it -> isTrace(kind, it));
        return Optional.of(new Step.WriteStatus(patch(service, after)));
    }

    public static boolean hasTraces(Stoppable kind, Manifest service) {
        for (JsonNode condition : service.root().at(CONDITIONS)) {
            if (isTrace(kind, condition)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTrace(Stoppable kind, JsonNode condition) {
        String reason = condition.path("reason").asText("");
        boolean ours = reason.equals(Conditions.OURS)
                || (reason.equals(STOPPED)
                        && condition.path("message").asText("").startsWith(Conditions.BY_TRIMTAB));
        return ours
                && !ALWAYS_MANAGED
                        .getOrDefault(kind, Set.of())
                        .contains(condition.path("type").asText(""));
    }

    /** Conditions sorted by type, as Knative's condition manager sorts them. */
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
        // A condition without a severity counts for Ready (knative.dev/pkg, condition_set.go).
        String severity = type.equals(STOPPED)
                ? "Info"
                : before == null ? "" : before.path("severity").asText("");
        if (!severity.isEmpty()) {
            condition.put("severity", severity);
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

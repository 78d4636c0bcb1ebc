package dev.trimtab.api.fakes;

import static dev.trimtab.api.cluster.Api.Kind.DEPLOYMENT;
import static dev.trimtab.api.cluster.Api.Kind.HORIZONTAL_POD_AUTOSCALER;
import static dev.trimtab.api.cluster.Api.Kind.HTTP_ROUTE;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_GRAPH;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.INGRESS;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.SCALED_OBJECT;
import static dev.trimtab.api.cluster.Api.Kind.SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.VIRTUAL_SERVICE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.Api.Kind;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * KServe's controllers, as far as stopping goes: what they make of a service, in which order they take it down again, what
 * they leave, and what they write into the status (kserve 0.14 to 0.20; facts in docs/stop-and-start.md).
 */
public final class FakeKserveController {
    private static final String STOP = "serving.kserve.io/stop";
    private static final List<Kind> PARTS = List.of(
            SERVICE,
            KNATIVE_SERVICE,
            DEPLOYMENT,
            HORIZONTAL_POD_AUTOSCALER,
            SCALED_OBJECT,
            VIRTUAL_SERVICE,
            INGRESS,
            HTTP_ROUTE);

    private static final List<Kind> ROUTES = List.of(VIRTUAL_SERVICE, INGRESS, HTTP_ROUTE);

    private final Api api;
    private final KserveRendering rendering = new KserveRendering();
    private final Release release;
    private final AtomicInteger failures = new AtomicInteger();
    private volatile Block block = Block.NONE;

    /** How much of a stop it knows. */
    public enum Release {
        /** 0.15.0 and older: the annotation is one like any other. */
        WITHOUT_STOP,
        /** 0.16 and newer. */
        WITH_STOP
    }

    FakeKserveController(Api api, Release release) {
        this.api = api;
        this.release = release;
    }

    /** Where a stop fails. */
    public enum Block {
        NONE,
        /** Before it comes to it: a ServingRuntime or config-autoscaler is missing (predictor.go 198, controller.go 237). */
        BEFORE,
        /** After the workloads, at the routes: a cluster-local HTTPRoute (httproute_reconciler.go 1065). No status comes of it. */
        AT_ROUTES
    }

    /** From now on. */
    public void block(Block now) {
        block = now;
    }

    /** How often it ran into an error. */
    int failures() {
        return failures.get();
    }

    void round(String namespace) {
        for (Kind kind : List.of(INFERENCE_SERVICE, INFERENCE_GRAPH)) {
            for (ObjectNode service : api.list(kind, namespace)) {
                try {
                    reconcile(kind, service);
                } catch (KubernetesClientException triedAgain) {
                    // As a controller does: the next round comes.
                    failures.incrementAndGet();
                }
            }
        }
    }

    private void reconcile(Kind kind, ObjectNode service) {
        boolean stopped =
                service.at("/metadata/annotations").path(STOP).asText("").equalsIgnoreCase("true");
        boolean modelMesh = service.at("/metadata/annotations")
                .path("serving.kserve.io/deploymentMode")
                .asText("")
                .equals("ModelMesh");
        if (service.at("/metadata").has("deletionTimestamp")
                || modelMesh
                || isSkipped(service)
                || (block == Block.BEFORE && stopped)) {
            return;
        }
        List<KserveRendering.Part> wanted = rendering.of(kind, service);
        if (stopped && release == Release.WITH_STOP) {
            takeDown(kind, service, wanted);
        } else {
            wanted.forEach(this::bringUp);
            running(kind, service, wanted);
        }
    }

    /** With serving.kserve.io/disable-auto-update, for as long as it is ready (controller.go 217-222). */
    private static boolean isSkipped(ObjectNode service) {
        boolean disabled = service.at("/metadata/annotations")
                .path("serving.kserve.io/disable-auto-update")
                .asText("")
                .equals("true");
        boolean ready = false;
        for (JsonNode condition : service.at("/status/conditions")) {
            ready |= condition.path("type").asText().equals("Ready")
                    && condition.path("status").asText().equals("True");
        }
        return disabled && ready;
    }

    private void bringUp(KserveRendering.Part part) {
        String namespace = part.object().at("/metadata/namespace").asText();
        ObjectNode stored = api.find(
                        part.kind(),
                        namespace,
                        part.object().at("/metadata/name").asText())
                .orElse(null);
        if (stored == null) {
            api.create(part.kind(), part.object());
        } else if (part.kind() == KNATIVE_SERVICE || part.kind() == DEPLOYMENT) {
            // As KServe: a dry-run first, and the real one only where that differs in what KServe has rendered.
            JsonNode wanted = part.object().at("/spec/template/metadata/annotations/" + STOP.replace("/", "~1"));
            JsonNode is = stored.at("/spec/template/metadata/annotations/" + STOP.replace("/", "~1"));
            if (!wanted.equals(is)) {
                ObjectNode changed = stored.deepCopy();
                ObjectNode annotations =
                        changed.withObject("/spec/template/metadata").withObject("/annotations");
                if (wanted.isMissingNode()) {
                    annotations.remove(STOP);
                } else {
                    annotations.set(STOP, wanted);
                }
                api.dryRunUpdate(part.kind(), changed);
                api.update(part.kind(), changed);
            }
        }
    }

    /** KServe leaves the HPA of a graph, since it wants an InferenceService for its owner (hpa_reconciler.go 229-233). */
    private void takeDown(Kind kind, ObjectNode service, List<KserveRendering.Part> wanted) {
        for (Kind part : PARTS) {
            if (block == Block.AT_ROUTES && ROUTES.contains(part)) {
                return;
            }
            for (KserveRendering.Part it : wanted) {
                boolean kept = kind == INFERENCE_GRAPH && part == HORIZONTAL_POD_AUTOSCALER;
                String name = it.object().at("/metadata/name").asText();
                String namespace = it.object().at("/metadata/namespace").asText();
                boolean there = it.kind() == part
                        && api.find(part, namespace, name)
                                .filter(stored -> !stored.at("/metadata").has("deletionTimestamp"))
                                .isPresent();
                if (there && !kept) {
                    api.delete(part, namespace, name);
                }
            }
        }
        List<String> conditions = new ArrayList<>(List.of("{type: Stopped, status: \"True\", severity: Info}"));
        for (String type :
                kind == INFERENCE_GRAPH ? List.of("Ready") : List.of("Ready", "PredictorReady", "IngressReady")) {
            conditions.add("{type: %s, status: \"False\", reason: Stopped}".formatted(type));
        }
        status(kind, service, conditions);
    }

    private void running(Kind kind, ObjectNode service, List<KserveRendering.Part> wanted) {
        boolean ready = wanted.stream()
                .filter(it -> it.kind() == KNATIVE_SERVICE || it.kind() == DEPLOYMENT)
                .allMatch(it -> api.find(
                                it.kind(),
                                service.at("/metadata/namespace").asText(),
                                it.object().at("/metadata/name").asText())
                        .filter(FakeKserveController::isReady)
                        .isPresent());
        List<String> conditions = new ArrayList<>();
        Set<String> managed = new HashSet<>(Set.of("Ready", "PredictorReady", "IngressReady"));
        if (release == Release.WITH_STOP) {
            managed.add("Stopped");
            conditions.add("{type: Stopped, status: \"False\", severity: Info}");
        }
        boolean happy = ready;
        // Knative's condition manager keeps what it does not know, and without a severity that counts for Ready.
        for (JsonNode condition : service.at("/status/conditions")) {
            if (kind == INFERENCE_SERVICE
                    && !managed.contains(condition.path("type").asText())) {
                conditions.add(condition.toString());
                happy &= condition.has("severity")
                        || condition.path("status").asText().equals("True");
            }
        }
        for (String type : List.of("PredictorReady", "IngressReady")) {
            conditions.add("{type: %s, status: \"%s\"}".formatted(type, ready ? "True" : "Unknown"));
        }
        conditions.add("{type: Ready, status: \"%s\"}".formatted(happy ? "True" : "Unknown"));
        status(kind, service, conditions);
    }

    private static boolean isReady(ObjectNode part) {
        if (part.path("kind").asText().equals("Deployment")) {
            return part.at("/status/readyReplicas").asInt() > 0;
        }
        for (JsonNode condition : part.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    private void status(Kind kind, ObjectNode service, List<String> conditions) {
        ObjectNode status = Api.yaml("conditions: [%s]".formatted(String.join(", ", conditions)));
        JsonNode mode = service.at("/metadata/annotations").path("serving.kserve.io/deploymentMode");
        if (mode.isTextual() && kind == INFERENCE_SERVICE) {
            status.set("deploymentMode", mode);
        }
        if (!withoutTimes(service.path("status")).equals(withoutTimes(status))) {
            service.set("status", status);
            status.path("conditions").forEach(it -> {
                if (!it.has("lastTransitionTime")) {
                    ((ObjectNode) it).put("lastTransitionTime", Instant.now().toString());
                }
            });
            api.updateStatus(kind, service);
        }
    }

    private static JsonNode withoutTimes(JsonNode status) {
        ObjectNode copy = status.isObject() ? status.deepCopy() : Api.yaml("{}");
        copy.path("conditions").forEach(it -> ((ObjectNode) it).remove("lastTransitionTime"));
        return copy;
    }
}

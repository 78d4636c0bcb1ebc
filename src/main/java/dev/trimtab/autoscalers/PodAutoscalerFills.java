package dev.trimtab.autoscalers;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.autoscalers.AnnotationKeys.DeadKey;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.rules.Decision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Fills a PodAutoscaler: the {@code apiVersion} of its target if there is only one, the observe window if the start-up
 * time is known, and, if the policy says so, the successors of dead annotations. It changes no field that is there, so
 * GitOps tools see no difference.
 */
public final class PodAutoscalerFills {
    private static final JsonPointer API_VERSION = Pointers.of("spec", "scaleTargetRef", "apiVersion");
    private static final JsonPointer WINDOW = Pointers.of("spec", "observeWindowSeconds");

    private final List<Decision> decisions = new ArrayList<>();
    private final ObjectNode document;

    private PodAutoscalerFills(ObjectNode document) {
        this.document = document;
    }

    /**
     * Fills a document, in place; applied again it changes nothing.
     *
     * @param input the document as its author wrote it
     */
    public static List<Decision> apply(ObjectNode document, CheckInput input) {
        PodAutoscalerFills fills = new PodAutoscalerFills(document);
        fills.apiVersion(input.autoscaler());
        if (input.policy().rewriteDeadKeys()
                && new Manifest(document).annotations().canBeWritten()) {
            // Before the window: what its author meant counts more than a rule of thumb.
            fills.deadKeys(input);
        }
        fills.window(input);
        return List.copyOf(fills.decisions);
    }

    private void apiVersion(PodAutoscaler autoscaler) {
        JsonNode reference = autoscaler.reference();
        if (reference.isObject()) {
            PodAutoscaler.apiVersionOf(reference.path("kind").asText(""))
                    .ifPresent(known -> fill(
                            "target-version",
                            API_VERSION,
                            TextNode.valueOf(known),
                            "AIBrix finds no target without it, and it can only be this one"));
        }
    }

    private void window(CheckInput input) {
        boolean applies = input.cluster().hasWindowFields()
                && !input.autoscaler().strategy().equals("HPA")
                && document.path("spec").isObject();
        WindowChecks.wantedWindow(input.startupSeconds()).stream()
                .filter(wanted -> applies && wanted > PodAutoscaler.DEFAULT_OBSERVE_WINDOW)
                .forEach(wanted -> fill(
                        "observe-window",
                        WINDOW,
                        IntNode.valueOf(wanted),
                        "twice the %d s that a pod takes to start"
                                .formatted(input.startupSeconds().getAsInt())));
    }

    private void deadKeys(CheckInput input) {
        Map<DeadKey, JsonNode> dead = new LinkedHashMap<>();
        for (String key : AnnotationKeys.ofAibrix(input.autoscaler().annotations())) {
            DeadKey.of(key).filter(it -> it.place().isPresent()).ifPresent(it -> input.autoscaler()
                    .annotations()
                    .text(key)
                    .flatMap(it::value)
                    .ifPresent(value -> dead.put(it, value)));
        }
        if (!input.cluster().hasWindowFields() || wouldBeRefused(dead, input.autoscaler())) {
            dead.keySet().removeIf(DeadKey::isWindow);
        }
        dead.forEach((it, value) -> fill(
                "dead-keys",
                it.place().orElseThrow(),
                value,
                "as annotation %s says, which is not read".formatted(it.key())));
    }

    /** Windows that the old keys allowed may be refused as fields. */
    private static boolean wouldBeRefused(Map<DeadKey, JsonNode> dead, PodAutoscaler autoscaler) {
        ObjectNode rewritten = autoscaler.root().deepCopy();
        dead.forEach((it, value) -> {
            JsonPointer at = it.place().orElseThrow();
            if (Pointers.isAbsent(rewritten.at(at))) {
                Pointers.set(rewritten, at, value);
            }
        });
        return WindowChecks.isRefused(new PodAutoscaler(rewritten, autoscaler.namespace()));
    }

    private void fill(String rule, JsonPointer at, JsonNode value, String because) {
        if (Pointers.isAbsent(document.at(at)) || document.at(at).asText().isEmpty()) {
            if (Pointers.set(document, at, value)) {
                decisions.add(new Decision.Filled(rule, at, value, "", because, false));
            }
        } else if (document.at(at).equals(value)) {
            decisions.add(new Decision.Agreed(rule, at, value, because));
        }
    }
}

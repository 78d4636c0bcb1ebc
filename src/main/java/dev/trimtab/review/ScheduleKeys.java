package dev.trimtab.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.rules.Decision;
import dev.trimtab.schedule.Keep;
import dev.trimtab.schedule.StopMark;
import java.util.List;
import java.util.Optional;

/**
 * Annotations that people and schedules write on running services. KServe copies the annotations of an InferenceService
 * or InferenceGraph into the pod template (kserve 0.14 to 0.20), where each change would start new pods. So in a
 * template that KServe renders these stay as they are stored, whatever KServe sends: absent, as a rule. An
 * LLMInferenceService passes on only a few prefixes (kserve 0.20, llmisvc/workload_single_node.go).
 */
final class ScheduleKeys {
    static final List<String> ALL = List.of(Keep.KEY, Keep.UNTIL, StopMark.KEY);

    private ScheduleKeys() {}

    /**
     * An object to review, its template with these annotations as stored.
     *
     * @param decisions empty if KServe sends the stored ones
     */
    record HeldBack(Manifest object, List<Decision> decisions) {
        /** @param stored empty for a new object, whose template gets none of them */
        static HeldBack of(Manifest sent, Optional<Manifest> stored) {
            JsonNode now = annotations(sent);
            JsonNode before = stored.map(ScheduleKeys::annotations).orElse(MissingNode.getInstance());
            List<String> differing = ALL.stream()
                    .filter(key -> isRendered(sent) && !now.path(key).equals(before.path(key)))
                    .toList();
            if (differing.isEmpty()) {
                return new HeldBack(sent, List.of());
            }
            ObjectNode object = sent.root().deepCopy();
            differing.forEach(key -> put(object, key, before.path(key)));
            String because = stored.isPresent()
                    ? ": as in the stored template, where a change would start new pods"
                    : ": not for the template, where each change would start new pods";
            Decision decision = new Decision.Left("schedule", String.join(", ", differing) + because);
            return new HeldBack(new Manifest(object), List.of(decision));
        }

        private static boolean isRendered(Manifest object) {
            return (object.kind() == Kind.KNATIVE_SERVICE || object.kind() == Kind.DEPLOYMENT)
                    && new KnativeService(object.root()).origin() != Kind.KNATIVE_SERVICE;
        }
    }

    /** For a forecast: what KServe renders, as it will be stored. */
    static void takeOut(ObjectNode rendered) {
        JsonNode annotations = annotations(new Manifest(rendered));
        ALL.stream().filter(annotations::has).forEach(key -> put(rendered, key, MissingNode.getInstance()));
    }

    private static JsonNode annotations(Manifest workload) {
        return workload.root().at(KnativeService.TEMPLATE_ANNOTATIONS);
    }

    private static void put(ObjectNode object, String key, JsonNode value) {
        if (!value.isMissingNode()) {
            Pointers.set(object, KnativeService.TEMPLATE_ANNOTATIONS.appendProperty(key), value);
            return;
        }
        Pointers.remove(object, KnativeService.TEMPLATE_ANNOTATIONS.appendProperty(key));
        // KServe sends no empty map.
        if (object.at(KnativeService.TEMPLATE_ANNOTATIONS).isEmpty()) {
            Pointers.remove(object, KnativeService.TEMPLATE_ANNOTATIONS);
        }
    }
}

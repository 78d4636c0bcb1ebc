package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.ScaleAnnotation;
import dev.trimtab.manifest.Annotations;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.rules.AutoscalerNeed;
import java.util.List;

/** Takes a fill of ours out of a changed template where it stands in the way of what the author writes now. */
final class GivingWay {
    private static final List<String> HANDLERS = List.of("httpGet", "tcpSocket", "grpc", "exec");

    private GivingWay() {}

    static void of(ObjectNode draft, ObjectNode stored, FillRecord record) {
        otherSpelling(draft, stored, record);
        autoscalerClass(draft, record);
        mergedProbes(draft, record);
    }

    /**
     * Where the author now writes the other spelling of a key that we had filled, ours goes: Knative reads the
     * kebab-case one first, and would not see the author's.
     */
    private static void otherSpelling(ObjectNode draft, ObjectNode stored, FillRecord record) {
        Annotations now = new KnativeService(draft).templateAnnotations();
        Annotations before = new KnativeService(stored).templateAnnotations();
        for (ScaleAnnotation key : ScaleAnnotation.values()) {
            JsonPointer ours = KnativeService.annotation(key.key());
            JsonNode value = record.filled().get(ours);
            boolean untouched = value != null && value.equals(draft.at(ours));
            boolean authorWrites = key.spellings().stream()
                    .skip(1)
                    .anyMatch(other -> now.has(other)
                            && !now.map().path(other).equals(before.map().path(other)));
            // On a second pass what stands there may be what the first one made of the author's value.
            boolean clamped = FillRecord.of(draft).clamped().containsKey(ours)
                    || ClampLabels.read(draft).clamped().containsKey(ours);
            if (untouched && authorWrites && !clamped) {
                Pointers.remove(draft, ours);
            }
        }
    }

    /** The HPA class beside a metric that is none of its own by now: it cannot scale on it, and KServe refuses both. */
    private static void autoscalerClass(ObjectNode draft, FillRecord record) {
        AutoscalerNeed.place(draft)
                .filter(at -> record.filled().containsKey(at))
                .filter(at -> draft.at(at).equals(record.filled().get(at)))
                .filter(at -> AutoscalerNeed.isKpa(draft))
                .ifPresent(at -> Pointers.remove(draft, at));
    }

    /**
     * A probe with our handler and the author's: KServe updates a Deployment with a strategic merge patch, which adds the
     * one to the other (kserve 0.20, deployment_reconciler.go), and the API server takes no probe with two.
     */
    private static void mergedProbes(ObjectNode draft, FillRecord record) {
        record.filled().forEach((at, ours) -> {
            if (at.toString().endsWith("Probe") && draft.at(at) instanceof ObjectNode probe) {
                boolean authors = HANDLERS.stream().anyMatch(handler -> probe.has(handler) && !ours.has(handler));
                if (authors) {
                    probe.remove(HANDLERS.stream()
                            .filter(handler ->
                                    ours.has(handler) && ours.get(handler).equals(probe.get(handler)))
                            .toList());
                }
            }
        });
    }
}

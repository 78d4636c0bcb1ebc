package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.manifest.Annotations;
import dev.trimtab.manifest.Container;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.rules.AutoscalerNeed;
import dev.trimtab.rules.DatasetAnnotation;
import dev.trimtab.rules.DefaultedProbe;
import dev.trimtab.rules.Legality;
import dev.trimtab.rules.RolloutAnnotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Removes fills from a changed template if they conflict with what the author writes now. */
final class FillWithdrawal {
    private static final List<String> PROBES = List.of("readinessProbe", "livenessProbe", "startupProbe");
    private static final String DELAY = "initialDelaySeconds";
    private static final List<String> HANDLERS = List.of("httpGet", "tcpSocket", "grpc", "exec");
    private static final Pattern VOLUMES =
            Pattern.compile("/spec/template/spec/(volumes|containers/\\d+/volumeMounts)(/\\d+)?");

    private FillWithdrawal() {}

    /** Removes a fill if the author writes the other spelling of its key. Knative reads the kebab-case one first. */
    static void forOtherSpelling(ObjectNode draft, ObjectNode stored, FillRecord record) {
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
            // On a second pass the value may be the first pass's clamp of the author's value.
            boolean clamped = FillRecord.of(draft).clamped().containsKey(ours)
                    || ClampLabels.read(draft).clamped().containsKey(ours);
            if (untouched && authorWrites && !clamped) {
                Pointers.remove(draft, ours);
            }
        }
    }

    /**
     * The object without a filled rollout duration if the author writes the other spelling of its key. Knative would read
     * ours. The key is not in the template, so no revision comes.
     *
     * @return the incoming object itself if there is nothing to remove
     */
    static ObjectNode fromOtherRollout(ObjectNode incoming, ObjectNode stored) {
        JsonNode ours = incoming.at(RolloutAnnotation.AT);
        if (ours.isMissingNode()
                || !RolloutAnnotation.isSpelledOtherwise(incoming)
                || !ours.equals(FillRecord.of(stored).filled().get(RolloutAnnotation.AT))) {
            return incoming;
        }
        ObjectNode without = incoming.deepCopy();
        Pointers.remove(without, RolloutAnnotation.AT);
        return without;
    }

    /**
     * Removes filled volumes if the author names another dataset, or none. Finds them by value: KServe's strategic
     * merge patch of a Deployment may have moved a volume in its list.
     */
    static void forOtherDataset(ObjectNode draft, ObjectNode stored, FillRecord record) {
        JsonPointer dataset = KnativeService.annotation(DatasetAnnotation.ANNOTATION);
        if (!draft.at(dataset).equals(stored.at(dataset))) {
            record.filled().entrySet().stream()
                    .filter(it -> VOLUMES.matcher(it.getKey().toString()).matches())
                    .forEach(it -> takeOutEntries(draft, it.getKey(), it.getValue()));
        }
    }

    /** @param ours an entry of a list, or a whole list */
    private static void takeOutEntries(ObjectNode draft, JsonPointer at, JsonNode ours) {
        JsonPointer list = ours.isArray() ? at : at.head();
        if (draft.at(list) instanceof ArrayNode entries) {
            List<JsonNode> gone = new ArrayList<>();
            (ours.isArray() ? ours : draft.arrayNode().add(ours)).forEach(gone::add);
            for (int i = entries.size() - 1; i >= 0; i--) {
                if (gone.contains(entries.get(i))) {
                    entries.remove(i);
                }
            }
            if (entries.isEmpty()) {
                Pointers.remove(draft, list);
            }
        }
    }

    /**
     * Removes a filled HPA class that does not go with the author's metrics. KServe refuses it beside metrics of Knative's
     * autoscaler; without a metric, the author's target would become percent of CPU. A class stays that did not go with the
     * stored metrics either: an older Trimtab filled it, and KServe would refuse the update without it.
     */
    static void forOtherMetric(ObjectNode draft, ObjectNode stored, FillRecord record) {
        AutoscalerNeed.place(draft)
                .filter(at -> record.filled().containsKey(at))
                .filter(at -> draft.at(at).equals(record.filled().get(at)))
                .filter(at -> AutoscalerNeed.isKpa(draft) && !AutoscalerNeed.isKpa(stored))
                .ifPresent(at -> Pointers.remove(draft, at));
    }

    /**
     * Removes fills that the cluster has made illegal since, if the author gives the revision another name. Nothing else
     * helps a Service that they lock, and an apply that is merged carries them. A clamp in their place would lock the
     * Service again at the next limit.
     */
    static void forNewLimits(ObjectNode draft, FillRecord record, KnativeConfig cluster) {
        if (!new KnativeService(draft).revisionName().isEmpty()) {
            Legality.of(draft, cluster).keySet().stream()
                    .filter(at -> draft.at(at).equals(record.filled().get(at)))
                    .forEach(at -> Pointers.remove(draft, at));
        }
    }

    /**
     * Removes the stored handler if a probe has two and no author chose the stored one, and our delay with it.
     *
     * <p>KServe changes a Deployment by a strategic merge patch (kserve 0.20, deployment_reconciler.go), which merges a
     * probe field by field. A stored handler stays beside one of another kind, and the API server refuses the
     * Deployment from then on. Our delay stays too, and KServe would patch in vain at each reconcile.
     */
    static void fromMergedProbe(ObjectNode draft, ObjectNode stored, FillRecord record) {
        Map<JsonPointer, JsonNode> told = FillRecord.of(draft).filled();
        for (Container container : Container.of(draft)) {
            for (String probe : PROBES) {
                JsonPointer at = container.field(probe);
                if (isMerged(draft.at(at), told.get(at), stored.at(at))) {
                    // The author removed their probe. The dry-run's answer, with our probe, was merged over it.
                    Pointers.set(draft, at, told.get(at).deepCopy());
                }
                // A probe that the previous pass filled may have the stored one's delay, and keeps it.
                boolean filled = draft.at(at).equals(told.get(at));
                boolean unchosen =
                        !filled && (stored.at(at).equals(record.filled().get(at)) || DefaultedProbe.isAt(stored, at));
                if (unchosen && draft.at(at) instanceof ObjectNode merged) {
                    HANDLERS.stream()
                            .filter(merged::has)
                            .filter(it -> merged.get(it).equals(stored.at(at).get(it)) && handlers(merged) == 2)
                            .forEach(merged::remove);
                    boolean ours = stored.at(at).equals(record.filled().get(at)) && !merged.equals(stored.at(at));
                    if (ours && merged.path(DELAY).equals(stored.at(at).path(DELAY))) {
                        merged.remove(DELAY);
                    }
                }
            }
        }
    }

    /** Whether a probe is the filled one plus fields of the stored one. */
    private static boolean isMerged(JsonNode probe, JsonNode filled, JsonNode stored) {
        return filled instanceof ObjectNode
                && probe.size() > filled.size()
                && filled.properties().stream().allMatch(it -> it.getValue().equals(probe.get(it.getKey())))
                && probe.properties().stream()
                        .allMatch(it -> filled.has(it.getKey()) || it.getValue().equals(stored.get(it.getKey())));
    }

    private static long handlers(ObjectNode probe) {
        return HANDLERS.stream().filter(probe::has).count();
    }
}

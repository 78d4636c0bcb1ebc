package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.Policy.Conflicts;
import dev.trimtab.rules.DatasetAnnotation;
import dev.trimtab.rules.Decision;
import dev.trimtab.rules.Draft;
import dev.trimtab.rules.Facts;
import dev.trimtab.rules.Legality;
import dev.trimtab.rules.Legality.Illegal;
import dev.trimtab.stability.FillRecord.Clamp;
import dev.trimtab.stability.Outcome.Course;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts all our stored fields back into an unchanged template. Nothing is recomputed, with one exception: a value that
 * the cluster has made illegal moves to the nearest legal one. Otherwise each reconcile of KServe would fail. Under an
 * unchanged revision name of the author nothing moves: Knative would refuse that too.
 */
final class Replay {
    private final ObjectNode stored;
    private final FillRecord record;
    private final Map<JsonPointer, Illegal> illegal;
    private final List<Decision> warnings;

    Replay(ObjectNode stored, FillRecord record, Facts facts) {
        this(stored, record, illegal(stored, record, facts), List.of());
    }

    private Replay(ObjectNode stored, FillRecord record, Map<JsonPointer, Illegal> illegal, List<Decision> warnings) {
        this.stored = stored;
        this.record = record;
        this.illegal = illegal;
        this.warnings = warnings;
    }

    static Replay underSameName(ObjectNode stored, FillRecord record, Facts facts) {
        return new Replay(stored, record, Map.of(), warnings(stored, record, facts));
    }

    /** Warnings for an unchanged template that Knative will refuse. */
    static List<Decision> warnings(ObjectNode stored, FillRecord record, Facts facts) {
        // A refresh would be refused as well under the author's own name of the revision.
        String remedy = new KnativeService(stored).revisionName().isEmpty()
                ? "annotate %s=<new token>".formatted(StabilityContract.REFRESH)
                : "give the revision another name";
        List<Decision> warnings = new ArrayList<>();
        legality(stored, record, facts)
                .forEach((at, it) -> warnings.add(new Decision.Warned(
                        it.rule(),
                        at,
                        "stored %s is no longer allowed on this cluster: %s".formatted(it.rule(), remedy))));
        return warnings;
    }

    /** Whether the author's part of the template is as stored. */
    boolean isUnchanged(ObjectNode incoming) {
        // An author who removes a clamped value wants none, and gets the policy's value.
        boolean clampDropped = record.clamped().entrySet().stream()
                .filter(entry -> !record.filled().containsKey(entry.getKey()))
                .anyMatch(entry ->
                        isOurClamp(entry.getKey(), entry.getValue()) && Pointers.isAbsent(incoming.at(entry.getKey())));
        // The author wants no volume any more. The pods change in any case, since the annotation is the author's. A
        // Deployment is different: KServe's strategic merge patch never removes the annotation, and renders without it
        // for good.
        boolean datasetDropped = new Manifest(incoming).kind() != Kind.DEPLOYMENT
                && !Pointers.isAbsent(stored.at(DatasetAnnotation.AT))
                && Pointers.isAbsent(incoming.at(DatasetAnnotation.AT));
        return !clampDropped
                && !datasetDropped
                && new PlacesOfFills(stored, record).areIn(incoming)
                && new TemplateComparison(stored, alsoUnchanged(incoming))
                        .covers(incoming, new Manifest(incoming).kind().template());
    }

    Outcome apply(ObjectNode incoming) {
        ObjectNode result = incoming.deepCopy();
        List<Decision> decisions = new ArrayList<>(warnings);
        Map<JsonPointer, JsonNode> filled = new HashMap<>(record.filled());
        Map<JsonPointer, Clamp> clamped = new HashMap<>(record.clamped());
        record.filled().keySet().stream()
                // From the start of each list: an entry can only be appended.
                .sorted(Comparator.comparing(at -> at.last().getMatchingIndex()))
                .forEach(at -> putBack(at, result, decisions));
        record.clamped().forEach((at, clamp) -> {
            if (isOurClamp(at, clamp) && !result.at(at).equals(clamp.ours())) {
                putBack(at, result, decisions);
            }
        });
        illegal.forEach((at, it) -> {
            JsonNode before = stored.at(at);
            if (it.nearest().isMissingNode()) {
                leaveOut(at, it, incoming, filled, decisions);
                return;
            }
            Pointers.set(result, at, it.nearest());
            decisions.add(new Decision.Clamped(it.rule(), at, before, it.nearest(), it.because()));
            // A value that a rule would have filled counts as ours, even if the author may have written it too. To
            // leave it out or to send it again is no change.
            filled.computeIfPresent(at, (place, value) -> it.nearest());
            JsonNode author = clamped.containsKey(at) ? clamped.get(at).author() : before;
            clamped.put(at, new Clamp(author, it.nearest()));
        });
        new FillRecord(filled, clamped).writeAsStored(stored, result);
        return new Outcome(Course.REPLAYED, result, decisions);
    }

    /** A fill without a legal value is not put back. */
    private static void leaveOut(
            JsonPointer at,
            Illegal it,
            ObjectNode incoming,
            Map<JsonPointer, JsonNode> filled,
            List<Decision> decisions) {
        if (Pointers.isAbsent(incoming.at(at))) {
            decisions.add(new Decision.Warned(it.rule(), at, it.because()));
            filled.remove(at);
        }
    }

    private void putBack(JsonPointer at, ObjectNode result, List<Decision> decisions) {
        JsonNode value = stored.at(at);
        JsonNode now = result.at(at);
        boolean missing = Pointers.isAbsent(now)
                || Draft.saysNothing(result, at)
                || record.clamped().containsKey(at);
        if (missing && !Pointers.isAbsent(value) && !illegal.containsKey(at) && Pointers.set(result, at, value)) {
            decisions.add(new Decision.Replayed(at, value, "as stored: the author's template did not change"));
        }
    }

    private Map<JsonPointer, Set<JsonNode>> alsoUnchanged(ObjectNode incoming) {
        Map<JsonPointer, Set<JsonNode>> values = new HashMap<>();
        record.filled().keySet().stream()
                .filter(at -> Draft.saysNothing(incoming, at))
                .forEach(at -> values.computeIfAbsent(at, it -> new HashSet<>()).add(incoming.at(at)));
        record.clamped().forEach((at, clamp) -> {
            if (isOurClamp(at, clamp)) {
                values.computeIfAbsent(at, it -> new HashSet<>()).add(clamp.author());
            }
        });
        illegal.forEach(
                (at, it) -> values.computeIfAbsent(at, key -> new HashSet<>()).add(it.nearest()));
        return values;
    }

    /** A clamped value that was edited later is the author's. */
    private boolean isOurClamp(JsonPointer at, Clamp clamp) {
        return clamp.ours().equals(stored.at(at));
    }

    /** Illegal values that must change: ours always, the author's only if the policy clamps. */
    private static Map<JsonPointer, Illegal> illegal(ObjectNode stored, FillRecord record, Facts facts) {
        Map<JsonPointer, Illegal> illegal = legality(stored, record, facts);
        // An author's value without a legal replacement stays, and Knative refuses it.
        illegal.entrySet()
                .removeIf(it -> it.getValue().nearest().isMissingNode()
                        && !record.filled().containsKey(it.getKey()));
        if (facts.policy().conflicts() != Conflicts.CLAMP) {
            illegal.keySet()
                    .removeIf(at -> !record.filled().containsKey(at)
                            && !record.clamped().containsKey(at));
        }
        Legality.movesAlong(stored, illegal)
                .filter(it -> facts.policy().conflicts() == Conflicts.CLAMP
                        || record.filled().containsKey(it.getKey())
                        || record.clamped().containsKey(it.getKey()))
                .ifPresent(it -> illegal.put(it.getKey(), it.getValue()));
        return illegal;
    }

    /** Values that Knative would refuse, without those that only the author may change. */
    private static Map<JsonPointer, Illegal> legality(ObjectNode stored, FillRecord record, Facts facts) {
        Map<JsonPointer, Illegal> illegal = new HashMap<>(Legality.of(stored, facts.knative()));
        illegal.entrySet()
                .removeIf(it -> it.getValue().onlyOurs() && !record.filled().containsKey(it.getKey()));
        return illegal;
    }

    static final class PlacesOfFills {
        private final ObjectNode stored;
        private final FillRecord record;

        /** By list, the first of its entries that is a fill. */
        private final Map<JsonPointer, Integer> firstOfOurs = new HashMap<>();

        PlacesOfFills(ObjectNode stored, FillRecord record) {
            this.stored = stored;
            this.record = record;
            record.filled()
                    .keySet()
                    .forEach(at -> firstOfOurs.merge(at.head(), at.last().getMatchingIndex(), Math::min));
        }

        /**
         * Whether each fill still has its place. If a component, container or entry before a fill is gone, the author
         * changed the template.
         */
        boolean areIn(ObjectNode incoming) {
            boolean sameComponents = !new Manifest(incoming).kind().isRendered()
                    || names(incoming).containsAll(names(stored));
            return sameComponents
                    && record.filled().keySet().stream()
                            .filter(at -> !Pointers.isAbsent(stored.at(at)))
                            .allMatch(at -> hasRoom(incoming, at));
        }

        private static Set<String> names(ObjectNode object) {
            return Component.of(object).stream().map(Component::name).collect(Collectors.toSet());
        }

        /** Whether every list on the way to the place is long enough in the incoming object too. */
        private boolean hasRoom(ObjectNode incoming, JsonPointer at) {
            for (JsonPointer element = at; !element.matches(); element = element.head()) {
                JsonPointer list = element.head();
                if (!list.matches() && stored.at(list).isArray()) {
                    int size = incoming.at(list).isArray() ? incoming.at(list).size() : 0;
                    int least = element.equals(at)
                            ? Math.max(1, firstOfOurs.getOrDefault(list, 0))
                            : element.last().getMatchingIndex() + 1;
                    if (size < least) {
                        return false;
                    }
                }
            }
            return true;
        }
    }
}

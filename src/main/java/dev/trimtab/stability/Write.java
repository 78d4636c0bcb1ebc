package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.Unset;
import dev.trimtab.knative.config.DefaultsConfig;
import dev.trimtab.manifest.Container;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.rules.Facts;
import dev.trimtab.rules.RevisionDefaults;
import dev.trimtab.stability.Outcome.Course;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The meaning of a write. KServe sends its own, unfilled Service at each reconcile and adopts the answer. So the
 * meaning must follow from the two objects alone (see the diagram in ADR 5).
 */
sealed interface Write {
    record Created() implements Write {}

    record Unchanged(Outcome outcome) implements Write {}

    record Replayed(Outcome outcome) implements Write {}

    record Changed(FillRecord record) implements Write {}

    record Refreshed() implements Write {}

    record Left(String because) implements Write {}

    /** The label that switches Trimtab off. KServe copies it from an InferenceService into the template. */
    JsonPointer IGNORE = KnativeService.TEMPLATE
            .appendProperty("metadata")
            .appendProperty("labels")
            .appendProperty(Manifest.IGNORE);

    static Write of(ObjectNode incoming, Optional<ObjectNode> stored, Facts facts) {
        ObjectNode before = stored.orElse(incoming);
        boolean refresh = asksForRefresh(incoming, before);
        Optional<String> left = reasonToLeave(incoming, before, refresh);
        if (left.isPresent()) {
            return new Left(left.get());
        }
        if (stored.isEmpty()) {
            return new Created();
        }
        if (refresh) {
            return new Refreshed();
        }
        FillRecord record = RecordOfWrite.known(before, incoming);
        Optional<Write> same = asStored(incoming, before, record, facts);
        if (same.isPresent() && !isChangedByKnative(same.get(), before, facts)) {
            return same.get();
        }
        return new KnativeService(incoming).keepsRevisionName(new KnativeService(before))
                ? new Left("the template changed under the same revision name: Knative's refusal shows the difference")
                : new Changed(record);
    }

    /** As {@link #of}, for an object that is switched off. It ignores a refresh. */
    static Write whileOff(ObjectNode incoming, ObjectNode stored, Facts facts) {
        Optional<String> left = reasonToLeave(incoming, stored, false);
        if (left.isPresent()) {
            return new Left(left.get());
        }
        FillRecord record = RecordOfWrite.known(stored, incoming);
        return asStored(incoming, stored, record, facts).orElseGet(() -> new Changed(record));
    }

    private static Optional<String> reasonToLeave(ObjectNode incoming, ObjectNode stored, boolean refresh) {
        if (!new Manifest(incoming).annotations().canBeWritten()) {
            return Optional.of("metadata.annotations is not a map: the API server refuses this with its own message");
        }
        // KServe's dry-run does not carry the annotation, so the stored object counts too.
        boolean left = LeftRecord.hasBegun(incoming) || LeftRecord.hasBegun(stored);
        return left && !refresh
                ? Optional.of("annotation %s: a new token in %s takes it back"
                        .formatted(FillRecord.LEFT, StabilityContract.REFRESH))
                : Optional.empty();
    }

    private static boolean asksForRefresh(ObjectNode incoming, ObjectNode stored) {
        Optional<String> token = new Manifest(incoming).annotations().text(StabilityContract.REFRESH);
        return token.isPresent()
                && !token.get().isEmpty()
                && !token.equals(new Manifest(stored).annotations().text(StabilityContract.REFRESH));
    }

    /** Unchanged or replayed; empty if the author changed the template. */
    private static Optional<Write> asStored(ObjectNode incoming, ObjectNode stored, FillRecord record, Facts facts) {
        ObjectNode labelled = withIgnoreLabelAsStored(incoming, stored);
        JsonPointer template = new Manifest(labelled).kind().template();
        if (TemplateComparison.same(labelled, stored, template) && !lacksFills(labelled, stored, record)) {
            ObjectNode result = labelled.deepCopy();
            record.writeAsStored(stored, result);
            return Optional.of(
                    new Unchanged(new Outcome(Course.UNCHANGED, result, Replay.warnings(stored, record, facts))));
        }
        boolean sameName = new KnativeService(labelled).keepsRevisionName(new KnativeService(stored));
        Replay replay = sameName ? Replay.underSameName(stored, record, facts) : new Replay(stored, record, facts);
        return replay.isUnchanged(labelled) ? Optional.of(new Replayed(replay.apply(labelled))) : Optional.empty();
    }

    /** Whether a stored fill outside of the template is missing. */
    private static boolean lacksFills(ObjectNode incoming, ObjectNode stored, FillRecord record) {
        return record.filled().keySet().stream()
                .anyMatch(at -> Pointers.isAbsent(incoming.at(at)) && !Pointers.isAbsent(stored.at(at)));
    }

    /** False in Audit mode, which keeps earlier fills. */
    private static boolean isChangedByKnative(Write write, ObjectNode stored, Facts facts) {
        return write instanceof Replayed replayed
                && facts.policy().mode() != Mode.AUDIT
                && new DefaultsOfToday(stored, facts.knative().defaults())
                        .changes(replayed.outcome().result());
    }

    /** Without this, switching an InferenceService off or on would start new pods. */
    private static ObjectNode withIgnoreLabelAsStored(ObjectNode incoming, ObjectNode stored) {
        JsonNode before = stored.at(IGNORE);
        boolean rendered = new KnativeService(incoming).origin() != Kind.KNATIVE_SERVICE;
        if (!rendered || before.equals(incoming.at(IGNORE))) {
            return incoming;
        }
        ObjectNode labelled = incoming.deepCopy();
        if (before.isMissingNode()) {
            Pointers.remove(labelled, IGNORE);
        } else {
            Pointers.set(labelled, IGNORE, before);
        }
        return labelled;
    }

    /** Knative's defaulting of an unchanged Service. It runs after Trimtab. */
    record DefaultsOfToday(ObjectNode stored, DefaultsConfig config) {
        /**
         * Whether Knative's present defaults change the template. A revision comes then anyway. Reinvocation would see
         * a changed template, so the write counts as changed from the start.
         */
        boolean changes(ObjectNode replayed) {
            KnativeService service = new KnativeService(replayed);
            boolean sameName = service.keepsRevisionName(new KnativeService(stored));
            // Knative fills nothing if the revision name is unchanged. It never sees a Deployment, nor a Service in a
            // namespace that its webhooks leave out.
            if (sameName
                    || !wasDefaulted()
                    || new Manifest(replayed).kind() == Kind.DEPLOYMENT
                    || !service.podSpec().isObject()) {
                return false;
            }
            ObjectNode filled = RevisionDefaults.stored(replayed, config);
            RevisionDefaults.names(filled, config).forEach((at, name) -> {
                if (Unset.is(at, filled.at(at))) {
                    Pointers.set(filled, at, name);
                }
            });
            return changes(replayed.at(KnativeService.TEMPLATE), filled, KnativeService.TEMPLATE);
        }

        /** Whether a filled-in default differs from the stored value. */
        private boolean changes(JsonNode before, ObjectNode filled, JsonPointer at) {
            JsonNode after = filled.at(at);
            if (after.equals(before)) {
                return false;
            }
            if (before.isObject() && after.isObject()) {
                return after.properties().stream()
                        .anyMatch(it -> changes(before.path(it.getKey()), filled, at.appendProperty(it.getKey())));
            }
            if (before.isArray() && after.isArray()) {
                return IntStream.range(0, after.size())
                        .anyMatch(i -> changes(before.path(i), filled, at.appendIndex(i)));
            }
            return !TemplateComparison.same(filled, stored, at);
        }

        /** Whether Knative has defaulted the stored Service. Knative always fills in these fields. */
        private boolean wasDefaulted() {
            JsonNode podSpec = new KnativeService(stored).podSpec();
            return podSpec.hasNonNull("timeoutSeconds")
                    && podSpec.hasNonNull("containerConcurrency")
                    && Container.of(stored).stream()
                            .anyMatch(it -> it.getsTraffic() && it.node().hasNonNull("readinessProbe"));
        }
    }
}

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
import dev.trimtab.rules.RevisionDefaults;
import java.util.stream.IntStream;

/**
 * What Knative's defaulting, which comes after ours, makes of a Service whose author changed nothing.
 *
 * @param config what its {@code config-defaults} says by now
 */
record DefaultsOfToday(ObjectNode stored, DefaultsConfig config) {
    /**
     * Whether Knative's defaults of today change the template though its author did not: the author took out a value of
     * their own, or nothing was pinned. A revision comes anyway then, and asked again after Knative's defaulting we would
     * see a changed template, so it is one from the start.
     */
    boolean changes(ObjectNode replayed) {
        KnativeService service = new KnativeService(replayed);
        boolean sameName = !service.revisionName().isEmpty()
                && service.revisionName().equals(new KnativeService(stored).revisionName());
        // Under an unchanged revision name Knative fills nothing; a Deployment it never sees, nor a Service in a
        // namespace that its webhooks leave out.
        if (sameName
                || !wasDefaulted()
                || new Manifest(replayed).kind() == Kind.DEPLOYMENT
                || !service.podSpec().isObject()) {
            return false;
        }
        ObjectNode filled = RevisionDefaults.filledIn(replayed, config);
        RevisionDefaults.names(filled, config).forEach((at, name) -> {
            if (Unset.is(at, filled.at(at))) {
                Pointers.set(filled, at, name);
            }
        });
        // A container that gets the traffic by now: its author took the one away that had it.
        RevisionDefaults.readiness(filled).forEach((at, probe) -> Pointers.set(filled, at, probe));
        return changes(replayed.at(KnativeService.TEMPLATE), filled, KnativeService.TEMPLATE);
    }

    /** Whether what was filled in at a place, or within it, is something else than what is stored there. */
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
            return IntStream.range(0, after.size()).anyMatch(i -> changes(before.path(i), filled, at.appendIndex(i)));
        }
        return !TemplateComparison.same(filled, stored, at);
    }

    /** Whether the stored Service has been through Knative's defaulting, which never leaves these out. */
    private boolean wasDefaulted() {
        JsonNode podSpec = new KnativeService(stored).podSpec();
        return podSpec.hasNonNull("timeoutSeconds")
                && podSpec.hasNonNull("containerConcurrency")
                && Container.of(stored).stream()
                        .anyMatch(it -> it.getsTraffic() && it.node().hasNonNull("readinessProbe"));
    }
}

package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.DefaultsConfig;
import dev.trimtab.knative.Unset;
import dev.trimtab.manifest.Container;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.rules.RevisionDefaults;
import java.util.HashMap;
import java.util.Map;

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
        ObjectNode filled = replayed.deepCopy();
        Map<JsonPointer, JsonNode> defaults = new HashMap<>(RevisionDefaults.of(replayed, config));
        // A container that gets the traffic by now: its author took the one away that had it.
        defaults.putAll(RevisionDefaults.readiness(replayed));
        return defaults.entrySet().stream()
                .filter(it ->
                        Pointers.isAbsent(replayed.at(it.getKey())) || Unset.is(it.getKey(), replayed.at(it.getKey())))
                .filter(it -> Pointers.set(filled, it.getKey(), it.getValue()))
                .anyMatch(it -> !TemplateComparison.same(filled, stored, it.getKey()));
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

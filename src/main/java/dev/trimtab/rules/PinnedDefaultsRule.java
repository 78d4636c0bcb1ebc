package dev.trimtab.rules;

import static dev.trimtab.rules.RevisionNumbers.CONCURRENCY;
import static dev.trimtab.rules.RevisionNumbers.IDLE;
import static dev.trimtab.rules.RevisionNumbers.RESPONSE_START;
import static dev.trimtab.rules.RevisionNumbers.TIMEOUT;
import static dev.trimtab.rules.RevisionNumbers.number;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.knative.DefaultsConfig;
import dev.trimtab.manifest.Container;
import dev.trimtab.manifest.Quantities;
import java.util.Optional;

/**
 * Writes out Knative's defaults, so that an edit of {@code config-defaults} does not roll what runs.
 *
 * <p>Knative fills timeouts, concurrency and resources from its ConfigMap {@code config-defaults} each time a Service is
 * written, and KServe writes each of its Services again and again: after an edit of the ConfigMap every one gets a new
 * revision. This rule fills what Knative would fill at this moment: {@code timeoutSeconds} (also in the place of a 0,
 * which means the default), {@code containerConcurrency}, and of each container {@code cpu}, {@code memory} and {@code
 * ephemeral-storage}, as requests and as limits. {@code responseStartTimeoutSeconds} and {@code idleTimeoutSeconds} get
 * 0, which is off, where Knative would fill nothing: else a lower default would get in later. A service takes new
 * defaults when its author changes its template.
 *
 * <p>It leaves whatever the author wrote and what the rules before it filled, Services that name their revision (Knative
 * fills nothing under the same name), and all of them with the policy's {@code pinDefaults: false}. A resource that
 * {@code config-defaults} does not have yet cannot be pinned: there is no way to write "none". Nobody is warned of these
 * fills, since they are what would happen anyway; {@code explain} and the audit log have them. Example, with Knative
 * freshly installed: {@code timeoutSeconds: 300}, {@code containerConcurrency: 0}. Source: Knative 1.23,
 * revision_defaults.go 54-132.
 */
final class PinnedDefaultsRule implements Rule {
    private static final String BECAUSE = "what config-defaults gives now; a later edit of it changes nothing here";
    private static final String OFF =
            "off, since config-defaults gives none now; a later edit of it changes nothing here";

    @Override
    public String id() {
        return "pinned-defaults";
    }

    @Override
    public void apply(Draft draft, Facts facts) {
        if (!facts.policy().pinDefaults() || !draft.service().podSpec().isObject()) {
            return;
        }
        if (!draft.service().revisionName().isEmpty()) {
            draft.leave(id(), "the author names the revision: Knative fills no default in again under the same name");
            return;
        }
        DefaultsConfig defaults = facts.knative().defaults();
        timeouts(draft, defaults.timeouts());
        draft.pin(id(), CONCURRENCY, number(defaults.containerConcurrency()), BECAUSE);
        for (Container container : Container.of(draft.service().root())) {
            resources(draft, container, "requests", defaults.requests());
            resources(draft, container, "limits", defaults.limits());
        }
    }

    private void timeouts(Draft draft, DefaultsConfig.Timeouts defaults) {
        // A default of 0 cannot be pinned: written out, it still means the default.
        if (defaults.revision() > 0) {
            draft.pin(id(), TIMEOUT, number(defaults.revision()), BECAUSE);
        }
        JsonNode timeout = draft.value(TIMEOUT);
        if (timeout.isIntegralNumber() && timeout.longValue() > 0) {
            below(draft, RESPONSE_START, defaults.responseStart(), timeout.longValue());
            below(draft, IDLE, defaults.idle(), timeout.longValue());
        }
    }

    /** Knative fills these two only below the timeout of the whole request. */
    private void below(Draft draft, JsonPointer at, long value, long timeout) {
        boolean filled = value != 0 && value < timeout;
        draft.pin(id(), at, number(filled ? value : 0), filled ? BECAUSE : OFF);
    }

    private void resources(Draft draft, Container container, String kind, DefaultsConfig.Resources defaults) {
        String because = "in " + kind + ": " + BECAUSE;
        resource(draft, container.field("resources", kind, "cpu"), defaults.cpu(), because);
        resource(draft, container.field("resources", kind, "memory"), defaults.memory(), because);
        resource(draft, container.field("resources", kind, "ephemeral-storage"), defaults.ephemeralStorage(), because);
    }

    private void resource(Draft draft, JsonPointer at, Optional<String> quantity, String because) {
        // A null is a quantity of 0 to Knative (resource.Quantity, UnmarshalJSON), not an absent one.
        if (quantity.isPresent() && !draft.value(at).isNull()) {
            draft.pin(id(), at, TextNode.valueOf(Quantities.canonical(quantity.get())), because);
        }
    }
}

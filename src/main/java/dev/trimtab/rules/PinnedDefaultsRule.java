package dev.trimtab.rules;

import static dev.trimtab.rules.RevisionDefaults.IDLE;
import static dev.trimtab.rules.RevisionDefaults.RESPONSE_START;
import static dev.trimtab.rules.RevisionDefaults.TIMEOUT;
import static dev.trimtab.rules.RevisionDefaults.number;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.Unset;
import dev.trimtab.manifest.Kind;
import java.util.List;
import java.util.Map;

/**
 * Writes out Knative's defaults, so that an edit of {@code config-defaults} does not roll what runs.
 *
 * <p>Knative fills timeouts, concurrency and resources from its ConfigMap {@code config-defaults} each time a Service is
 * written, and KServe writes each of its Services again and again: after an edit of the ConfigMap every one gets a new
 * revision. This rule fills what Knative would fill at this moment: {@code timeoutSeconds} (also in the place of a 0,
 * which means the default), {@code containerConcurrency}, and of each container {@code cpu}, {@code memory} and {@code
 * ephemeral-storage}, as requests and as limits; of what KServe renders also a container's {@code name}, which it leaves
 * empty for the router of an InferenceGraph. {@code responseStartTimeoutSeconds} and {@code idleTimeoutSeconds} get
 * 0, which is off, where Knative would fill nothing: else a lower default would get in later. A service takes new
 * defaults when its author changes its template.
 *
 * <p>It leaves whatever the author wrote and what the rules before it filled, Services that name their revision (Knative
 * fills nothing under the same name), and all of them with the policy's {@code pinDefaults: false}. A resource that
 * {@code config-defaults} does not have yet cannot be pinned: there is no way to write "none". Nor can the security context
 * that {@code secure-pod-defaults} of {@code config-features} adds once it is switched on. Nobody is warned of these
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
        Map<JsonPointer, JsonNode> defaults =
                RevisionDefaults.of(draft.service().root(), facts.knative().defaults());
        defaults.forEach((at, value) -> {
            // A default timeout of 0 cannot be pinned: written out, it still means the default.
            if (!Unset.is(at, value)) {
                draft.pin(id(), at, value, because(at));
            }
        });
        if (draft.service().origin() != Kind.KNATIVE_SERVICE) {
            RevisionDefaults.names(draft.service().root(), facts.knative().defaults())
                    .forEach((at, value) -> draft.pin(id(), at, value, BECAUSE));
        }
        if (draft.value(TIMEOUT).isIntegralNumber() && !Unset.is(TIMEOUT, draft.value(TIMEOUT))) {
            List.of(RESPONSE_START, IDLE).stream()
                    .filter(at -> !defaults.containsKey(at))
                    .forEach(at -> draft.pin(id(), at, number(0), OFF));
        }
    }

    private static String because(JsonPointer at) {
        String map = at.head().last().getMatchingProperty();
        return "requests".equals(map) || "limits".equals(map) ? "in " + map + ": " + BECAUSE : BECAUSE;
    }
}

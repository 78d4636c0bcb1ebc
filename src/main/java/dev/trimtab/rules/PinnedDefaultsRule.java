package dev.trimtab.rules;

import static dev.trimtab.rules.RevisionDefaults.IDLE;
import static dev.trimtab.rules.RevisionDefaults.RESPONSE_START;
import static dev.trimtab.rules.RevisionDefaults.TIMEOUT;
import static dev.trimtab.rules.RevisionDefaults.number;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.Unset;
import dev.trimtab.manifest.Kind;
import dev.trimtab.rules.Rule.WorkloadRule;
import java.util.List;
import java.util.Map;

/**
 * Writes out Knative's defaults, so that an edit of {@code config-defaults} does not roll running services.
 *
 * <p>Each time a Service is written, Knative fills timeouts, concurrency and resources from its ConfigMap {@code
 * config-defaults}, and KServe writes each of its Services again and again. So after an edit of the ConfigMap every
 * one of them gets a new revision. This rule fills what Knative would fill at this moment: {@code timeoutSeconds}
 * (also instead of a 0, which means the default), {@code containerConcurrency}, and for each container {@code cpu},
 * {@code memory} and {@code ephemeral-storage}, as requests and as limits. On what KServe renders it also fills a
 * container's {@code name}, which KServe leaves empty for the router of an InferenceGraph. {@code
 * responseStartTimeoutSeconds} and {@code idleTimeoutSeconds} get 0, which is off, if Knative would fill nothing:
 * otherwise a default that is added later would take effect. A service takes new defaults when its author changes its
 * template.
 *
 * <p>It leaves what the author wrote, what the rules before it filled, and Services that name their revision (Knative
 * fills nothing under the same name). With the policy's {@code pinDefaults: false} it does nothing. It cannot pin a
 * resource that {@code config-defaults} does not have yet: there is no way to write "none". Nor can it pin the
 * security context that {@code secure-pod-defaults} of {@code config-features} adds once it is switched on. These
 * fills cause no warning, because Knative would fill the same values; {@code explain} and the audit log have them.
 * Example, with Knative freshly installed: {@code timeoutSeconds: 300}, {@code containerConcurrency: 0}. Source:
 * Knative 1.23, revision_defaults.go 54-132.
 */
final class PinnedDefaultsRule implements WorkloadRule {
    private static final String BECAUSE =
            "today's value from config-defaults; a later edit there does not change this service";
    private static final String OFF =
            "off: config-defaults has no value today; a later edit there does not change this service";

    @Override
    public void apply(Draft draft, Facts facts) {
        if (!facts.policy().pinDefaults() || !draft.service().podSpec().isObject()) {
            return;
        }
        if (!draft.service().revisionName().isEmpty()) {
            draft.leave("the author names the revision: Knative fills no default in again under the same name");
            return;
        }
        Map<JsonPointer, JsonNode> defaults =
                RevisionDefaults.of(draft.service().root(), facts.knative().defaults());
        defaults.forEach((at, value) -> {
            // A default timeout of 0 cannot be pinned: written out, it still means the default.
            if (!Unset.is(at, value)) {
                draft.pin(at, value, because(at));
            }
        });
        if (draft.service().origin() != Kind.KNATIVE_SERVICE) {
            RevisionDefaults.names(draft.service().root(), facts.knative().defaults())
                    .forEach((at, value) -> draft.pin(at, value, BECAUSE));
        }
        if (draft.value(TIMEOUT).isIntegralNumber() && !Unset.is(TIMEOUT, draft.value(TIMEOUT))) {
            List.of(RESPONSE_START, IDLE).stream()
                    .filter(at -> !defaults.containsKey(at))
                    .forEach(at -> draft.pin(at, number(0), OFF));
        }
    }

    private static String because(JsonPointer at) {
        String map = at.head().last().getMatchingProperty();
        return "requests".equals(map) || "limits".equals(map) ? "in " + map + ": " + BECAUSE : BECAUSE;
    }
}

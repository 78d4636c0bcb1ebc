package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.validation.FeatureGates;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.rules.Rule.WorkloadRule;

/**
 * Names the Knative flags that a pod spec needs.
 *
 * <p>Knative refuses {@code schedulerName}, {@code nodeSelector}, {@code tolerations}, {@code runtimeClassName},
 * {@code priorityClassName}, {@code affinity}, init containers, volumes of a claim and more, unless {@code
 * config-features} allows them. The author of a Knative Service sees the refusal. For an InferenceService only KServe
 * sees it, and the author sees a service that never becomes ready. This rule warns at once, with the flag to set. It
 * changes nothing.
 *
 * <p>Example: {@code schedulerName: volcano}: {@code Knative refuses schedulerName: set
 * kubernetes.podspec-schedulername: enabled in config-features}. Source: Knative 1.23, config/features.go 87-114,
 * fieldmask.go 241-302.
 */
final class FeatureFlagsRule implements WorkloadRule {
    @Override
    public void apply(Draft draft, Facts facts) {
        FeatureGates.closed(draft.service().podSpec(), facts.knative().features())
                .forEach((field, flag) -> draft.warn(
                        place(draft, field),
                        "Knative refuses %s: set %s: enabled in config-features".formatted(field, flag)));
    }

    /** Of a kind of volume, the first of that kind. */
    private static JsonPointer place(Draft draft, String field) {
        JsonNode volumes = draft.service().podSpec().path("volumes");
        for (int i = 0; i < volumes.size(); i++) {
            String kind = field.equals(FeatureGates.WRITABLE_CLAIM) ? "persistentVolumeClaim" : field;
            if (volumes.path(i).has(kind)) {
                return KnativeService.POD_SPEC
                        .appendProperty("volumes")
                        .appendIndex(i)
                        .appendProperty(kind);
            }
        }
        return KnativeService.POD_SPEC.appendProperty(field);
    }
}

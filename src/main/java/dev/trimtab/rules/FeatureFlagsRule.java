package dev.trimtab.rules;

import dev.trimtab.knative.FeatureGates;

/**
 * Names the flags of Knative that a pod spec needs.
 *
 * <p>Knative refuses {@code schedulerName}, {@code nodeSelector}, {@code tolerations}, {@code runtimeClassName}, {@code
 * priorityClassName}, {@code affinity}, init containers, volumes of a claim and more, unless {@code config-features}
 * allows them. On a Knative Service its author sees the refusal; of an InferenceService KServe sees it, and the author
 * only a service that never becomes ready. This rule warns at once, with the flag to set. It changes nothing.
 *
 * <p>Example: {@code schedulerName: volcano}: {@code Knative refuses schedulerName: set kubernetes.podspec-schedulername:
 * enabled in config-features}. Source: Knative 1.23, config/features.go 87-114, fieldmask.go 241-302.
 */
final class FeatureFlagsRule implements Rule {
    @Override
    public String id() {
        return "feature-flags";
    }

    @Override
    public void apply(Draft draft, Facts facts) {
        FeatureGates.closed(draft.service().podSpec(), facts.knative().features())
                .forEach((field, flag) -> draft.warn(
                        id(), "Knative refuses %s: set %s: enabled in config-features".formatted(field, flag)));
    }
}

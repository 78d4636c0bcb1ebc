package dev.trimtab.rules;

import dev.trimtab.manifest.Kind;
import dev.trimtab.rules.Rule.WorkloadRule;

/**
 * Moves traffic to a new revision step by step.
 *
 * <p>This rule fills a profile's {@code rolloutDuration} as {@code serving.knative.dev/rollout-duration} on the
 * metadata of a hand-written Knative Service: traffic then moves over that time instead of at once. It leaves what
 * the author wrote, in either spelling. It leaves Services that KServe renders, because KServe takes the duration
 * from the InferenceService.
 *
 * <p>Example: {@code rolloutDuration: 120s} gives {@code serving.knative.dev/rollout-duration: "120s"}. Source:
 * Knative 1.23, metadata_validation.go 52-76; whole seconds.
 */
final class RolloutRule implements WorkloadRule {
    @Override
    public void apply(Draft draft, Facts facts) {
        boolean byHand = draft.service().origin() == Kind.KNATIVE_SERVICE;
        if (byHand && !RolloutAnnotation.isSpelledOtherwise(draft.service().root())) {
            facts.policy()
                    .serving()
                    .rolloutSeconds()
                    .ifPresent(seconds -> draft.fill(RolloutAnnotation.AT, seconds + "s", Draft.FROM_POLICY));
        }
    }
}

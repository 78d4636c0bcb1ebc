package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
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
public final class RolloutRule implements WorkloadRule {
    private static final String KEY = "serving.knative.dev/rollout-duration";

    /** Knative reads this key only if there is no {@link #AT} (serving 1.23, register.go 180-184). */
    public static final String OTHER_SPELLING = "serving.knative.dev/rolloutDuration";

    public static final JsonPointer AT = Pointers.of("metadata", "annotations", KEY);

    @Override
    public void apply(Draft draft, Facts facts) {
        boolean byHand = draft.service().origin() == Kind.KNATIVE_SERVICE;
        boolean spelled = new Manifest(draft.service().root()).annotations().has(OTHER_SPELLING);
        if (byHand && !spelled) {
            facts.policy()
                    .serving()
                    .rolloutSeconds()
                    .ifPresent(seconds -> draft.fill(AT, seconds + "s", Draft.FROM_POLICY));
        }
    }
}

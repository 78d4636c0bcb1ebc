package dev.trimtab.rules;

import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.Kind;
import dev.trimtab.rules.Rule.ComponentRule;
import java.util.Map;

/**
 * Moves traffic to a new revision of an InferenceService step by step.
 *
 * <p>KServe takes {@code serving.knative.dev/rollout-duration} from the InferenceService, so this rule fills a
 * profile's {@code rolloutDuration} there, in Knative mode only. The rule {@code rollout} does the same on
 * hand-written Services. It leaves what the author wrote, in either spelling. Source: kserve 0.20, ksvc_reconciler.go
 * 50-54 and 115-121.
 */
final class ComponentRolloutRule implements ComponentRule {
    @Override
    public void apply(Draft draft, Map<String, Facts> facts) {
        boolean rendered =
                draft.kind() == Kind.INFERENCE_SERVICE && ComponentRule.mode(draft, facts) == DeploymentMode.KNATIVE;
        if (!rendered || RolloutAnnotation.isSpelledOtherwise(draft.manifest().root())) {
            return;
        }
        facts.values().stream()
                .flatMap(it -> it.policy().serving().rolloutSeconds().stream())
                .findFirst()
                .ifPresent(seconds -> draft.fill(RolloutAnnotation.AT, seconds + "s", Draft.FROM_POLICY));
    }
}

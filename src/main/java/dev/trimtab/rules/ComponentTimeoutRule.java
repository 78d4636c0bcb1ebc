package dev.trimtab.rules;

import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.Component;
import dev.trimtab.rules.Rule.ComponentRule;
import dev.trimtab.rules.TimeoutRule.ResponseTimeout;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Lets the longest response of an InferenceService through.
 *
 * <p>KServe uses {@code timeout} of a component for Knative's two timeouts and for its HTTPRoute, which otherwise
 * cuts each response off after 60 seconds. The longest response comes from annotation {@code
 * trimtab.dev/max-response-seconds} on the InferenceService or its component, or from a profile's {@code
 * maxResponseSeconds}. This rule fills {@code spec.predictor.timeout}, that of transformer and explainer, and {@code
 * spec.timeout} of an InferenceGraph with 1.2 times that (policy {@code timeouts.factor}), rounded up. If KServe
 * makes Knative Services from the object, the value is at most the cluster's {@code max-revision-timeout-seconds}.
 *
 * <p>It leaves what the author wrote, and does nothing if the longest response is unknown. Example: {@code
 * max-response-seconds: "10"} gives {@code timeout: 12}. Source: kserve 0.20, ksvc_reconciler.go 206-212,
 * httproute_reconciler.go 49 and 79-87.
 */
final class ComponentTimeoutRule implements ComponentRule {
    @Override
    public void apply(Draft draft, Map<String, Facts> facts) {
        boolean knative = ComponentRule.mode(draft, facts) == DeploymentMode.KNATIVE;
        draft.components().forEach(it -> fill(draft, it, facts.get(it.name()), knative));
    }

    private void fill(Draft draft, Component component, Facts facts, boolean knative) {
        OptionalInt longest = AuthorHint.MAX_RESPONSE.seconds(component.annotations(), facts);
        if (longest.isEmpty()) {
            return;
        }
        long most = knative ? facts.knative().defaults().maxRevisionTimeoutSeconds() : Integer.MAX_VALUE;
        ResponseTimeout timeout =
                ResponseTimeout.of(longest.getAsInt(), facts.policy().timeoutsFactor(), most);
        draft.fill(component.field("timeout"), timeout.value(), timeout.note(), timeout.because());
    }
}

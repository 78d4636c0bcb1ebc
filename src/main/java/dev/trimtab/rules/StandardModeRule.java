package dev.trimtab.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.Component;
import dev.trimtab.rules.Rule.ComponentRule;
import java.util.List;
import java.util.Map;

/**
 * Warns if {@code maxReplicas: 0} means something else than in Knative mode.
 *
 * <p>In Knative mode it means no limit. In Standard mode (RawDeployment) KServe makes it equal to {@code
 * minReplicas}: the HPA, or KEDA, then never adds a pod. This rule warns if a component in Standard mode has {@code
 * maxReplicas: 0}, or has a metric to scale on and no {@code maxReplicas}. It changes nothing. It says nothing with
 * {@code serving.kserve.io/autoscalerClass: external} or {@code none}: KServe makes no autoscaler then. Source: kserve
 * 0.20, hpa_reconciler.go 150-183 and 226-250, keda_reconciler.go 187-278.
 */
final class StandardModeRule implements ComponentRule {
    private static final String CLASS = "serving.kserve.io/autoscalerClass";

    /** KServe makes no autoscaler for these: another one scales, or minReplicas is the number that its author wants. */
    private static final List<String> UNSCALED = List.of("external", "none");

    private static final List<String> WISHES = List.of("scaleMetric", "scaleTarget", "autoScaling");

    @Override
    public void apply(Draft draft, Map<String, Facts> facts) {
        if (ComponentRule.mode(draft, facts) != DeploymentMode.STANDARD) {
            return;
        }
        for (Component component : draft.components()) {
            String autoscaler = component.annotations().text(CLASS).orElse("hpa");
            if (UNSCALED.contains(autoscaler)) {
                continue;
            }
            JsonNode max = component.node().path("maxReplicas");
            boolean zero = max.isNumber() && max.intValue() == 0;
            boolean forgotten = max.isMissingNode() && WISHES.stream().anyMatch(component.node()::hasNonNull);
            if (zero || forgotten) {
                int min = Math.max(
                        autoscaler.equals("keda") ? 0 : 1,
                        component.node().path("minReplicas").asInt(1));
                draft.warn(
                        component.field("maxReplicas"),
                        "%s: %s in Standard mode: it stays at %d, minReplicas"
                                .formatted(component.name(), zero ? "maxReplicas 0" : "no maxReplicas", min));
            }
        }
    }
}

package dev.trimtab.rules;

import static dev.trimtab.rules.AutoscalerNeed.OF_HPA;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.rules.Rule.ComponentRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets an InferenceService scale on CPU or memory.
 *
 * <p>In Knative mode, KServe's own validation refuses {@code scaleMetric: cpu} or {@code memory} unless the
 * InferenceService has the HPA class, before there is a Knative Service. If every {@code scaleMetric} of its
 * components is one of these two, this rule fills {@code autoscaling.knative.dev/class: hpa.autoscaling.knative.dev}
 * on its metadata. If the Deployment {@code autoscaler-hpa} is not on the cluster, the rule fills nothing and warns
 * how to install it.
 *
 * <p>It never changes a class that the author wrote. It warns if one component needs the HPA autoscaler and another
 * cannot use it. A filled class goes when the author changes the metric. Source: kserve 0.20,
 * inference_service_validation.go 446-466.
 */
final class ComponentClassRule implements ComponentRule {
    @Override
    public void apply(Draft draft, Map<String, Facts> facts) {
        Optional<JsonPointer> at = AutoscalerNeed.place(draft.manifest().root());
        List<String> metrics = AutoscalerNeed.metrics(draft.manifest().root());
        boolean some = metrics.stream().anyMatch(OF_HPA::contains);
        if (at.isEmpty() || !some || ComponentRule.mode(draft, facts) != DeploymentMode.KNATIVE) {
            return;
        }
        boolean chosen = draft.manifest().annotations().has(ScaleAnnotation.CLASS.key());
        boolean hpa = facts.values().stream().anyMatch(it -> it.cluster().hpa());
        if (!OF_HPA.containsAll(metrics)) {
            draft.warn(
                    AutoscalerNeed.metricPlace(draft),
                    "one class for all components: %s do not go together".formatted(metrics));
        } else if (hpa) {
            TextNode value = TextNode.valueOf(AutoscalerConfig.HPA);
            draft.fill(at.get(), value, "only the HPA autoscaler scales on " + metrics.get(0));
        } else if (!chosen) {
            draft.warn(
                    AutoscalerNeed.metricPlace(draft),
                    "metric %s needs the HPA autoscaler: install Knative's serving-hpa.yaml".formatted(metrics.get(0)));
        }
    }
}

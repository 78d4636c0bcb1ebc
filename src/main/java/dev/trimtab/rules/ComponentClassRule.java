package dev.trimtab.rules;

import static dev.trimtab.manifest.ScaleAnnotation.CLASS;
import static dev.trimtab.rules.AutoscalerNeed.OF_KPA;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.Component;
import dev.trimtab.rules.Rule.ComponentRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets an InferenceService scale on CPU or memory.
 *
 * <p>In Knative mode, KServe's own validation refuses {@code scaleMetric: cpu} or {@code memory} unless the
 * InferenceService has the HPA class, before there is a Knative Service. If every component has one of these two as its
 * {@code scaleMetric}, this rule fills {@code autoscaling.knative.dev/class: hpa.autoscaling.knative.dev} on the
 * metadata of the InferenceService. If no autoscaler for this class is on the cluster, the rule fills nothing and
 * warns how to install one.
 *
 * <p>The class in the metadata is for all components. A component without a {@code scaleMetric} scales on concurrency:
 * under the HPA class its target of 4 requests would be 4 % of CPU, and it would never go to zero. If only some
 * components need the HPA class, this rule fills nothing and warns what to write: in the annotations of those components,
 * {@code autoscaling.knative.dev/class: hpa.autoscaling.knative.dev} and {@code autoscaling.knative.dev/metric: cpu},
 * and no {@code scaleMetric}; {@code scaleTarget} stays. KServe copies a component's annotations to its own Knative
 * Service only, and its validation does not read them.
 *
 * <p>It never changes a class that the author wrote, and fills none if a component has another one in its annotations.
 * A filled class goes when the author changes or removes the metric, or adds a component that does not need the class.
 * Source: kserve 0.20, inference_service_validation.go 446-466, SetAutoScalingAnnotations, and predictor.go,
 * transformer.go and explainer.go, where annotations are merged (since 0.11).
 */
final class ComponentClassRule implements ComponentRule {
    @Override
    public void apply(Draft draft, Map<String, Facts> facts) {
        Optional<JsonPointer> at = AutoscalerNeed.place(draft.manifest().root());
        List<Component> needy =
                draft.components().stream().filter(AutoscalerNeed::isHpa).toList();
        if (at.isEmpty() || needy.isEmpty() || ComponentRule.mode(draft, facts) != DeploymentMode.KNATIVE) {
            return;
        }
        String metric = AutoscalerNeed.metric(needy.get(0));
        boolean hpa = facts.values().stream().anyMatch(it -> it.cluster().hpa());
        if (isHpaForAll(draft)) {
            // Not recorded as filled: the class is also for components that need none.
            draft.leave("the author chose the class for components without a metric too");
        } else if (needy.size() < draft.components().size()) {
            needy.forEach(it -> warn(draft, it));
        } else if (needy.stream().anyMatch(ComponentClassRule::hasAnotherClass)) {
            draft.leave("a component with metric %s has another class in its annotations".formatted(metric));
        } else if (hpa) {
            TextNode value = TextNode.valueOf(AutoscalerConfig.HPA);
            draft.fill(at.get(), value, "only the HPA autoscaler scales on " + metric);
        } else if (!draft.manifest().annotations().has(CLASS.key())) {
            draft.warn(
                    needy.get(0).field("scaleMetric"),
                    "metric %s needs the HPA autoscaler: install Knative's serving-hpa.yaml".formatted(metric));
        }
    }

    /** Whether the author wrote the HPA class, and a component has no metric: there, it scales on CPU. */
    private static boolean isHpaForAll(Draft draft) {
        List<String> metrics =
                draft.components().stream().map(AutoscalerNeed::metric).toList();
        String chosen = draft.manifest().annotations().text(CLASS.key()).orElse("");
        return chosen.equals(AutoscalerConfig.HPA)
                && metrics.contains("")
                && metrics.stream().noneMatch(OF_KPA::contains);
    }

    private static void warn(Draft draft, Component component) {
        draft.warn(
                component.field("scaleMetric"),
                "not all components need the HPA class: write it and metric %s in spec.%s.annotations, without scaleMetric"
                        .formatted(AutoscalerNeed.metric(component), component.name()));
    }

    private static boolean hasAnotherClass(Component component) {
        String own = component.ownAnnotations().path(CLASS.key()).asText(AutoscalerConfig.HPA);
        return !own.equals(AutoscalerConfig.HPA);
    }
}

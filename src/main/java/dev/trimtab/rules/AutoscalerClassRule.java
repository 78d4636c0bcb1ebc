package dev.trimtab.rules;

import static dev.trimtab.manifest.ScaleAnnotation.CLASS;
import static dev.trimtab.manifest.ScaleAnnotation.METRIC;
import static dev.trimtab.manifest.ScaleAnnotation.MIN_SCALE;
import static dev.trimtab.rules.AutoscalerNeed.OF_HPA;
import static dev.trimtab.rules.AutoscalerNeed.OF_KPA;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.manifest.Annotations;
import dev.trimtab.rules.Rule.WorkloadRule;

/**
 * Chooses the autoscaler that can scale on the author's metric.
 *
 * <p>Knative's own autoscaler (KPA) scales on {@code concurrency} and {@code rps}. {@code cpu} and {@code memory}
 * need the HPA class, and Knative refuses these metrics without it. If {@code autoscaling.knative.dev/metric} is
 * {@code cpu} or {@code memory} and there is no class, this rule fills {@code autoscaling.knative.dev/class:
 * hpa.autoscaling.knative.dev}. If the cluster has neither Knative's Deployment {@code autoscaler-hpa} nor {@code
 * autoscaler-keda}, of Knative's extension with KEDA, the rule fills nothing and warns how to install the first.
 *
 * <p>It never changes a class that the author wrote. A filled class goes when the author changes or removes the metric.
 * It warns if class and metric do not go together, and if an HPA service has min-scale 0: HPA keeps one pod, and its
 * GPU. It does not warn if KEDA scales on {@code autoscaling.knative.dev/prometheus-query} or {@code
 * scaled-object-override}: KEDA can go to zero, and the metric is only a name.
 *
 * <p>Example: {@code metric: memory} without a class gives {@code class: hpa.autoscaling.knative.dev}. Bounds:
 * Knative 1.23, annotation_validation.go, validateMetric; hpa.go, MakeHPA; autoscaler-keda 1.22, keda.go,
 * DesiredScaledObject.
 */
final class AutoscalerClassRule implements WorkloadRule {
    @Override
    public void apply(Draft draft, Facts facts) {
        AutoscalerConfig cluster = facts.knative().autoscaler();
        String metric = draft.templateAnnotations().text(METRIC.key()).orElse("");
        boolean chosen = draft.templateAnnotations().has(CLASS.key());
        boolean hpaByDefault = cluster.podAutoscalerClass().equals(AutoscalerConfig.HPA);
        boolean kpaByDefault = cluster.podAutoscalerClass().equals(AutoscalerConfig.KPA);
        if (OF_HPA.contains(metric) && (kpaByDefault || hpaByDefault)) {
            // Also where it is the cluster's default by now: an explicit class does not depend on what that is next
            // week.
            if (facts.cluster().hpa() || hpaByDefault) {
                draft.fill(CLASS, AutoscalerConfig.HPA, "only the HPA autoscaler scales on " + metric);
            } else if (!chosen) {
                draft.warn(
                        draft.at(METRIC),
                        "metric %s needs the HPA autoscaler: install Knative's serving-hpa.yaml".formatted(metric));
            }
        }
        warnOfMismatch(draft, new Scale(draft.templateAnnotations(), cluster), metric);
    }

    private void warnOfMismatch(Draft draft, Scale scale, String metric) {
        boolean hpa =
                scale.autoscalerClass().equals(AutoscalerConfig.HPA) && !isByKeda(draft.templateAnnotations(), metric);
        if (hpa && OF_KPA.contains(metric)) {
            draft.warn(
                    draft.at(METRIC), "the HPA autoscaler cannot scale on %s: leave the class out".formatted(metric));
        }
        if (scale.isKpa()
                && OF_HPA.contains(metric)
                && draft.templateAnnotations().has(CLASS.key())) {
            draft.warn(
                    draft.at(METRIC),
                    "metric %s needs class %s: Knative refuses it".formatted(metric, AutoscalerConfig.HPA));
        }
        boolean zero = draft.templateAnnotations()
                .value(MIN_SCALE)
                .filter(JsonNode::isTextual)
                .filter(min -> scale.written(MIN_SCALE).orElse(1) == 0)
                .isPresent();
        if (hpa && zero) {
            draft.warn(draft.at(MIN_SCALE), "min-scale 0: the HPA autoscaler keeps one pod, and its GPU");
        }
    }

    /** Whether KEDA scales on what the author wrote for it. For cpu and memory it does as the HPA autoscaler. */
    private static boolean isByKeda(Annotations annotations, String metric) {
        boolean asked = !metric.isEmpty() && !OF_HPA.contains(metric) && annotations.has(KnownAnnotations.KEDA_QUERY);
        return asked || annotations.has(KnownAnnotations.KEDA_OVERRIDE);
    }
}

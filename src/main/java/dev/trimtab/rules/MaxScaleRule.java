package dev.trimtab.rules;

import static dev.trimtab.manifest.ScaleAnnotation.MAX_SCALE;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.policy.Scaling.MaxScaleWhenUnset;
import dev.trimtab.rules.Rule.WorkloadRule;
import java.util.OptionalInt;

/**
 * Writes {@code autoscaling.knative.dev/max-scale} if the author wrote none, so that the limit does not depend on the
 * cluster's default.
 *
 * <p>KServe drops {@code maxReplicas: 0}, and Knative then applies the cluster's own {@code max-scale}: an author who
 * asks for "no limit" gets the cluster's limit. This rule fills {@code "0"}, which means no limit to Knative (policy
 * {@code scaling.maxScale.whenUnset: Unbounded}), or it writes out the cluster's {@code max-scale} ({@code Inherit}).
 *
 * <p>If the cluster sets {@code max-scale-limit}, Knative refuses {@code "0"} and every value above the limit. The
 * rule then fills the limit, and clamps an author's value above the limit to it. Every other value stays, even one
 * that does not parse or that is below min-scale: Knative's own refusal names the problem. The rule fills nothing
 * that would make Knative refuse the author's min-scale or activation-scale.
 *
 * <p>The rule fills nothing if the author names the revision. Under an unchanged name Knative takes no other template,
 * so a {@code max-scale-limit} that is set later would lock the Service: Knative would refuse its traffic and its labels
 * too, until the revision gets another name. Without the annotation the cluster's {@code max-scale} counts.
 *
 * <p>Example: no annotation and no limit give {@code autoscaling.knative.dev/max-scale: "0"}. Bounds: Knative 1.23,
 * annotation_validation.go, validateMaxScaleWithinLimit.
 */
final class MaxScaleRule implements WorkloadRule {
    @Override
    public void apply(Draft draft, Facts facts) {
        AutoscalerConfig cluster = facts.knative().autoscaler();
        Scale scale = new Scale(draft.templateAnnotations(), cluster);
        if (scale.min().isEmpty() || scale.max().isEmpty()) {
            draft.leave("min-scale or max-scale is not a whole number of 0 or more: Knative refuses it");
            return;
        }
        if (draft.service().revisionName().isEmpty()
                || draft.templateAnnotations().value(MAX_SCALE).isPresent()) {
            fill(draft, facts, scale);
        } else {
            draft.leave("the author names the revision: a later max-scale-limit would make Knative refuse each write");
        }
        OptionalInt written = new Scale(draft.templateAnnotations(), cluster).written(MAX_SCALE);
        written.ifPresent(max -> clamp(draft, max, scale, cluster.maxScaleLimit()));
    }

    private void fill(Draft draft, Facts facts, Scale scale) {
        AutoscalerConfig cluster = facts.knative().autoscaler();
        int limit = cluster.maxScaleLimit();
        boolean inherit = facts.policy().scaling().maxScaleWhenUnset() == MaxScaleWhenUnset.INHERIT;
        int wanted = inherit ? cluster.maxScale() : limit;
        if (wanted > 0 && wanted < scale.lowestMax()) {
            if (draft.templateAnnotations().value(MAX_SCALE).isEmpty()) {
                draft.warn(
                        draft.at(scale.asksForMost()),
                        "max-scale left out: the cluster's %d is below the %d pods asked for"
                                .formatted(wanted, scale.lowestMax()));
            }
        } else if (inherit) {
            draft.fill(MAX_SCALE, text(wanted), "the cluster's own max-scale, written out");
        } else if (limit > 0) {
            draft.fill(
                    draft.at(MAX_SCALE),
                    TextNode.valueOf(text(wanted)),
                    "the cluster's max-scale-limit",
                    "the most that the cluster allows: its max-scale-limit forbids unbounded");
        } else if (cluster.maxScale() > 0) {
            String lifted = "overrides the cluster's max-scale " + cluster.maxScale();
            draft.fill(
                    draft.at(MAX_SCALE),
                    TextNode.valueOf(text(wanted)),
                    lifted,
                    "Knative gets no max-scale: unbounded, which " + lifted);
        } else {
            draft.fill(MAX_SCALE, text(wanted), "Knative gets no max-scale: unbounded");
        }
    }

    private void clamp(Draft draft, int max, Scale scale, int limit) {
        if (legal(max, scale, limit) == max) {
            draft.keep(MAX_SCALE);
            return;
        }
        String value = max == 0 ? "max-scale 0 (unbounded)" : "max-scale " + max;
        draft.clamp(
                MAX_SCALE,
                text(limit),
                "%s is above the cluster's max-scale-limit %d: Knative refuses it".formatted(value, limit),
                "%s lowered to the cluster's max-scale-limit %d".formatted(value, limit));
    }

    /** The nearest max-scale that Knative accepts; the same value if it is legal, or if no value would be. */
    static int legal(int max, Scale scale, int limit) {
        boolean refused = limit > 0 && (max == 0 || max > limit);
        return refused && scale.lowestMax() <= limit ? limit : max;
    }

    private static String text(int value) {
        return Integer.toString(value);
    }
}

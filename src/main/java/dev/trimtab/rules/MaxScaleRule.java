package dev.trimtab.rules;

import static dev.trimtab.knative.ScaleAnnotation.MAX_SCALE;

import dev.trimtab.knative.AutoscalerConfig;
import dev.trimtab.policy.MaxScaleWhenUnset;
import java.util.OptionalInt;

/**
 * Always writes {@code autoscaling.knative.dev/max-scale}, so that the bound is the author's and not an accident.
 *
 * <p>KServe drops {@code maxReplicas: 0}, and Knative then applies the cluster's own {@code max-scale}: whoever asked
 * for "unbounded" gets the cluster's cap. This rule fills {@code "0"}, which is Knative's "unbounded" (policy {@code
 * scaling.maxScale.whenUnset: Unbounded}), or the cluster's {@code max-scale} written out ({@code Inherit}).
 *
 * <p>Where the cluster sets {@code max-scale-limit}, Knative refuses {@code "0"} and everything above the limit: the
 * limit itself is filled instead, and an author's value above it is clamped to it. It leaves every other value as it
 * is, also one that does not parse, and a max-scale below min-scale: Knative's own refusal names both. It fills nothing
 * that would make Knative refuse the author's min-scale or activation-scale.
 *
 * <p>Example: no annotation, no limit: {@code autoscaling.knative.dev/max-scale: "0"}. Bounds: Knative 1.23,
 * annotation_validation.go, validateMaxScaleWithinLimit.
 */
final class MaxScaleRule implements Rule {
    @Override
    public String id() {
        return "max-scale";
    }

    @Override
    public void apply(Draft draft, Facts facts) {
        AutoscalerConfig cluster = facts.knative().autoscaler();
        Scale scale = new Scale(draft.templateAnnotations(), cluster);
        if (scale.min().isEmpty() || scale.max().isEmpty()) {
            draft.leave(id(), "min-scale or max-scale is no whole number from 0: Knative refuses it");
            return;
        }
        fill(draft, facts, scale);
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
                        id(),
                        draft.at(scale.asksForMost()),
                        "max-scale left out: the cluster's %d is below the %d pods asked for"
                                .formatted(wanted, scale.lowestMax()));
            }
        } else if (inherit) {
            draft.fill(id(), MAX_SCALE, text(wanted), "", "the cluster's own max-scale, written out");
        } else if (limit > 0) {
            draft.fill(
                    id(),
                    MAX_SCALE,
                    text(wanted),
                    "the cluster's max-scale-limit",
                    "the most that the cluster allows: its max-scale-limit forbids unbounded");
        } else if (cluster.maxScale() > 0) {
            String lifted = "lifts the cluster's max-scale " + cluster.maxScale();
            draft.fill(
                    id(), MAX_SCALE, text(wanted), lifted, "no max-scale gets to Knative: unbounded, which " + lifted);
        } else {
            draft.fill(id(), MAX_SCALE, text(wanted), "", "no max-scale gets to Knative: unbounded");
        }
    }

    private void clamp(Draft draft, int max, Scale scale, int limit) {
        if (legal(max, scale, limit) == max) {
            draft.keep(id(), MAX_SCALE);
            return;
        }
        String value = max == 0 ? "max-scale 0 (unbounded)" : "max-scale " + max;
        draft.clamp(
                id(),
                MAX_SCALE,
                text(limit),
                "%s is above the cluster's max-scale-limit %d: Knative refuses it".formatted(value, limit),
                "%s lowered to the cluster's max-scale-limit %d".formatted(value, limit));
    }

    /** The nearest max-scale that Knative accepts; the value itself where it is fine, or where no other would help. */
    static int legal(int max, Scale scale, int limit) {
        boolean refused = limit > 0 && (max == 0 || max > limit);
        return refused && scale.lowestMax() <= limit ? limit : max;
    }

    private static String text(int value) {
        return Integer.toString(value);
    }
}

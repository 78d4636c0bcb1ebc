package dev.trimtab.rules;

import static dev.trimtab.knative.ScaleAnnotation.INITIAL_SCALE;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.AutoscalerConfig;
import dev.trimtab.knative.GoValues;
import dev.trimtab.policy.InitialScaleDefault;
import dev.trimtab.policy.InitialScaleOnUpdate;
import dev.trimtab.policy.InitialScaleWrite;
import dev.trimtab.policy.Scaling;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalLong;

/**
 * Writes {@code autoscaling.knative.dev/initial-scale}: how many pods a new revision starts with, and waits for.
 *
 * <p>Knative starts the larger of min-scale and initial-scale, and bounds initial-scale by nothing: with {@code
 * maxReplicas: 3} and the cluster's {@code initial-scale: 5}, five GPU pods start. This rule fills what the author's
 * bounds mean: min-scale (policy {@code scaling.initialScale.default: MinReplicas}) or the cluster's value ({@code
 * Cluster}), never above max-scale, and 0 only where the cluster allows a start at zero. With {@code write:
 * WhenNeeded} it fills only where Knative alone would start another number.
 *
 * <p>With {@code onUpdate: TrafficMatched}, a changed template of a running service starts with what runs now, times the
 * policy's {@code factor} and rounded up, at least min-scale and at most max-scale: so that the new revision can take
 * the traffic of the old one. Where it is not known how many pods run, the value is the one above.
 *
 * <p>An author's value above max-scale is clamped to max-scale; {@code "0"} is clamped to {@code "1"} where Knative
 * would refuse it or could never start it (zero not allowed, HPA class, scale to zero switched off). Any other value
 * stays, and so does one that does not parse. It fills nothing where the cluster starts at 0 anyway (a written {@code
 * "0"} would be refused once the cluster forbids it), and nothing above 1 beside serving-progressive-rollout, which
 * takes revisions up in stages itself.
 *
 * <p>Example: min-scale 1, max-scale 3, the cluster's initial-scale 5: {@code initial-scale: "1"}. Bounds: Knative
 * 1.23, annotation_validation.go, validateInitialScale; kpa.go, activeThreshold.
 */
final class InitialScaleRule implements Rule {
    @Override
    public String id() {
        return "initial-scale";
    }

    @Override
    public void apply(Draft draft, Facts facts) {
        Scale scale = new Scale(draft.templateAnnotations(), facts.knative().autoscaler());
        if (scale.min().isEmpty() || scale.max().isEmpty()) {
            draft.leave(id(), "min-scale or max-scale is no whole number from 0: Knative refuses it");
            return;
        }
        int min = scale.min().getAsInt();
        int max = scale.max().getAsInt();
        fill(draft, facts, scale, min, max);
        draft.templateAnnotations().value(INITIAL_SCALE).ifPresent(written -> clamp(draft, written, scale, max));
    }

    private void fill(Draft draft, Facts facts, Scale scale, int min, int max) {
        AutoscalerConfig cluster = facts.knative().autoscaler();
        Base base = base(facts, scale, min);
        int wanted = bounded(base.pods(), max, scale);
        if (facts.cluster().progressiveRollout() && wanted > 1) {
            if (cluster.initialScale() <= 1) {
                draft.leave(id(), "serving-progressive-rollout starts each revision with one pod by itself");
                return;
            }
            wanted = 1;
        }
        if (wanted == 0 && cluster.initialScale() == 0) {
            draft.leave(id(), "the cluster starts revisions at 0 anyway");
            return;
        }
        if (facts.policy().scaling().initialScaleWrite() == InitialScaleWrite.WHEN_NEEDED
                && wanted == alone(scale, min)) {
            draft.leave(id(), "Knative alone starts %d too".formatted(wanted));
            return;
        }
        draft.fill(id(), INITIAL_SCALE, Integer.toString(wanted), "", reason(wanted, base, max));
    }

    /** How many pods are asked for, before bounds, and why. */
    private record Base(int pods, String because) {}

    private static Base base(Facts facts, Scale scale, int min) {
        Scaling policy = facts.policy().scaling();
        int floor = scale.floor(min);
        if (policy.initialScaleOnUpdate() == InitialScaleOnUpdate.TRAFFIC_MATCHED
                && facts.runningPods().isPresent()) {
            int running = facts.runningPods().getAsInt();
            BigDecimal matched = policy.initialScaleFactor()
                    .multiply(BigDecimal.valueOf(running))
                    .setScale(0, RoundingMode.CEILING);
            int pods = matched.min(BigDecimal.valueOf(Integer.MAX_VALUE)).intValueExact();
            if (pods >= floor) {
                return new Base(
                        pods, "%s times the %d pods that run now".formatted(policy.initialScaleFactor(), running));
            }
            return new Base(floor, "a new revision starts with min-scale pods: only %d run now".formatted(running));
        }
        if (policy.initialScaleDefault() == InitialScaleDefault.CLUSTER) {
            return new Base(scale.cluster().initialScale(), "the cluster's initial-scale, written out");
        }
        return new Base(floor, floor > min ? whyNotZero(scale) : "a new revision starts with min-scale pods");
    }

    private void clamp(Draft draft, JsonNode written, Scale scale, int max) {
        OptionalLong author = written.isTextual() ? GoValues.atoi(written.textValue()) : OptionalLong.empty();
        if (author.isEmpty() || author.getAsLong() < 0) {
            draft.leave(id(), "initial-scale is no whole number from 0: Knative refuses it");
            return;
        }
        long value = author.getAsLong();
        if (max > 0 && value > max) {
            draft.clamp(
                    id(),
                    INITIAL_SCALE,
                    Integer.toString(max),
                    "initial-scale %d is above max-scale %d: more pods than that would start".formatted(value, max),
                    "initial-scale %d lowered to max-scale %d".formatted(value, max));
        } else if (value == 0 && !scale.canStartAtZero()) {
            String why = whyNotZero(scale);
            draft.clamp(
                    id(),
                    INITIAL_SCALE,
                    "1",
                    "initial-scale 0 cannot work: " + why,
                    "initial-scale 0 raised to 1: " + why);
        } else {
            draft.keep(id(), INITIAL_SCALE);
        }
    }

    private static int bounded(int base, int max, Scale scale) {
        int wanted = max > 0 ? Math.min(base, max) : base;
        return wanted == 0 && !scale.canStartAtZero() ? 1 : wanted;
    }

    /** How many pods Knative would start if nothing were written. */
    private static int alone(Scale scale, int min) {
        return Math.max(scale.floor(min), scale.cluster().initialScale());
    }

    private static String reason(int wanted, Base base, int max) {
        if (wanted == 0) {
            return "no pod is asked for yet, so none is started";
        }
        if (base.pods() > wanted) {
            return wanted == max ? "as many as max-scale allows" : "one pod, as serving-progressive-rollout needs it";
        }
        return base.pods() == 0 ? "a revision cannot start with no pod on this cluster" : base.because();
    }

    private static String whyNotZero(Scale scale) {
        if (!scale.isKpa()) {
            return "only Knative's own autoscaler can start at zero";
        }
        return scale.cluster().allowZeroInitialScale()
                ? "scale to zero is switched off on the cluster"
                : "the cluster does not allow a start at zero";
    }
}

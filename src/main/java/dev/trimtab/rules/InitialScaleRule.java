package dev.trimtab.rules;

import static dev.trimtab.manifest.ScaleAnnotation.INITIAL_SCALE;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.policy.Scaling;
import dev.trimtab.policy.Scaling.InitialScaleDefault;
import dev.trimtab.policy.Scaling.InitialScaleOnUpdate;
import dev.trimtab.policy.Scaling.InitialScaleWrite;
import dev.trimtab.rules.Rule.WorkloadRule;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalLong;

/**
 * Writes {@code autoscaling.knative.dev/initial-scale}: how many pods a new revision starts with, and waits for.
 *
 * <p>Knative starts the larger of min-scale and initial-scale, and does not compare initial-scale with max-scale:
 * with {@code maxReplicas: 3} and the cluster's {@code initial-scale: 5}, five GPU pods start. This rule fills
 * min-scale (policy {@code scaling.initialScale.default: MinReplicas}) or the cluster's value ({@code Cluster}), at
 * most max-scale, and 0 only if the cluster allows a start at zero. With {@code write: WhenNeeded} it fills a value
 * only if Knative alone would start another number.
 *
 * <p>With {@code onUpdate: TrafficMatched}, a changed template of a running service starts with the number of pods
 * that run now, multiplied by the policy's {@code factor} and rounded up, at least min-scale and at most max-scale.
 * The new revision can then take the traffic of the old one. If the number of running pods is unknown, the rule fills
 * the value above.
 *
 * <p>An author's value above max-scale is clamped to max-scale. {@code "0"} is clamped to {@code "1"} if Knative
 * would refuse 0 or could never start from it (zero not allowed, HPA class, scale to zero switched off). Every other
 * value stays, even one that does not parse. The rule fills nothing if the cluster starts at 0 anyway, because
 * Knative would refuse a written {@code "0"} once the cluster forbids it. For the same reason it fills 1 instead of 0 if
 * the author names the revision: nobody could change the 0 under the same name. It fills nothing above 1 if
 * serving-progressive-rollout is installed, which raises revisions in stages itself.
 *
 * <p>Example: min-scale 1, max-scale 3 and the cluster's initial-scale 5 give {@code initial-scale: "1"}. Bounds:
 * Knative 1.23, annotation_validation.go, validateInitialScale; kpa.go, activeThreshold.
 */
final class InitialScaleRule implements WorkloadRule {
    @Override
    public void apply(Draft draft, Facts facts) {
        Scale scale = new Scale(draft.templateAnnotations(), facts.knative().autoscaler());
        if (scale.min().isEmpty() || scale.max().isEmpty()) {
            draft.leave("min-scale or max-scale is not a whole number of 0 or more: Knative refuses it");
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
                draft.leave("serving-progressive-rollout starts each revision with one pod by itself");
                return;
            }
            wanted = 1;
        }
        if (wanted == 0 && cluster.initialScale() == 0) {
            draft.leave("the cluster starts revisions at 0 anyway");
            return;
        }
        if (wanted == 0 && isNamed(draft) && scale.written(INITIAL_SCALE).orElse(1) != 0) {
            wanted = 1;
        }
        if (facts.policy().scaling().initialScaleWrite() == InitialScaleWrite.WHEN_NEEDED
                && wanted == alone(scale, min)) {
            draft.leave("Knative's own default is %d too".formatted(wanted));
            return;
        }
        boolean zero = scale.canStartAtZero();
        draft.fill(INITIAL_SCALE, Integer.toString(wanted), reason(wanted, base, max, zero));
    }

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
        OptionalLong author = written.isTextual() ? GoParsing.int64(written.textValue()) : OptionalLong.empty();
        if (author.isEmpty() || author.getAsLong() < 0) {
            draft.leave("initial-scale is not a whole number of 0 or more: Knative refuses it");
            return;
        }
        long value = author.getAsLong();
        if (max > 0 && value > max) {
            draft.clamp(
                    INITIAL_SCALE,
                    Integer.toString(max),
                    "initial-scale %d is above max-scale %d: more pods than that would start".formatted(value, max),
                    "initial-scale %d lowered to max-scale %d".formatted(value, max));
        } else if (value == 0 && !scale.canStartAtZero()) {
            String why = whyNotZero(scale);
            draft.clamp(
                    INITIAL_SCALE, "1", "initial-scale 0 cannot work: " + why, "initial-scale 0 raised to 1: " + why);
        } else {
            draft.keep(INITIAL_SCALE);
        }
    }

    private static int bounded(int base, int max, Scale scale) {
        int wanted = max > 0 ? Math.min(base, max) : base;
        return wanted == 0 && !scale.canStartAtZero() ? 1 : wanted;
    }

    /** How many pods Knative would start by itself. */
    private static int alone(Scale scale, int min) {
        return Math.max(scale.floor(min), scale.cluster().initialScale());
    }

    private static boolean isNamed(Draft draft) {
        return !draft.service().revisionName().isEmpty();
    }

    private static String reason(int wanted, Base base, int max, boolean canBeZero) {
        if (wanted == 0) {
            return "no pods are requested yet, so none are started";
        }
        if (base.pods() > wanted) {
            return wanted == max ? "as many as max-scale allows" : "one pod, as serving-progressive-rollout needs it";
        }
        if (base.pods() == 0) {
            return canBeZero
                    ? "not 0: the author names the revision, and Knative refuses each write once 0 is forbidden"
                    : "a revision cannot start with no pod on this cluster";
        }
        return base.because();
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

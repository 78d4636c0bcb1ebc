package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.trimtab.knative.config.DefaultsConfig;
import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.rules.Rule.WorkloadRule;
import java.util.OptionalDouble;

/**
 * Limits how many requests one pod takes at once.
 *
 * <p>Without {@code containerConcurrency}, Knative gives a pod as many requests as arrive, and a GPU with too many
 * requests answers none in time. This rule fills {@code containerConcurrency} from a profile, at most the cluster's
 * {@code container-concurrency-max-limit}. It leaves what the author wrote. Without a profile it does nothing, and it
 * does not fill 0 (any number) if the cluster forbids 0. It warns of an {@code autoscaling.knative.dev/target} above
 * the limit, because no pod ever has as many requests as the target. A target of another metric, or of another class
 * than Knative's own autoscaler, counts something else.
 *
 * <p>Example: a profile with {@code containerConcurrency: 8} gives {@code containerConcurrency: 8}. Source: Knative
 * 1.23, metadata_validation.go 92-107.
 */
final class ConcurrencyRule implements WorkloadRule {
    private static final JsonPointer AT = KnativeService.POD_SPEC.appendProperty("containerConcurrency");

    @Override
    public void apply(Draft draft, Facts facts) {
        if (!draft.service().podSpec().isObject()) {
            return;
        }
        DefaultsConfig defaults = facts.knative().defaults();
        facts.policy().serving().containerConcurrency().ifPresent(asked -> {
            int most = (int) Math.min(asked, defaults.containerConcurrencyMaxLimit());
            if (most == 0 && !defaults.allowContainerConcurrencyZero()) {
                draft.leave("the cluster does not allow 0, any number of requests at once");
                return;
            }
            String note = most < asked ? "the cluster's maximum" : "";
            draft.fill(AT, IntNode.valueOf(most), note, Draft.FROM_POLICY);
        });
        if (new Scale(draft.templateAnnotations(), facts.knative().autoscaler()).isKpa()) {
            warnIfTargetIsAbove(draft);
        }
    }

    private void warnIfTargetIsAbove(Draft draft) {
        boolean concurrency = draft.templateAnnotations()
                .value(ScaleAnnotation.METRIC)
                .filter(metric -> !metric.asText().equals("concurrency"))
                .isEmpty();
        OptionalDouble target = draft.templateAnnotations()
                .value(ScaleAnnotation.TARGET)
                .map(it -> GoParsing.float64(it.asText()))
                .orElse(OptionalDouble.empty());
        JsonNode limit = draft.value(AT);
        boolean limited = limit.isIntegralNumber() && limit.longValue() > 0;
        if (concurrency && limited && target.isPresent() && target.getAsDouble() > limit.longValue()) {
            draft.warn(
                    draft.at(ScaleAnnotation.TARGET),
                    "target %s does nothing above containerConcurrency %d"
                            .formatted(
                                    draft.value(draft.at(ScaleAnnotation.TARGET))
                                            .asText(),
                                    limit.longValue()));
        }
    }
}

package dev.trimtab.knative.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.knative.golang.GoValues;
import dev.trimtab.manifest.ScaleAnnotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** min-scale, max-scale and activation-scale, each for itself and against each other. */
final class ScaleBoundRules {
    private final JsonNode annotations;
    private final List<FieldProblem> problems = new ArrayList<>();

    private ScaleBoundRules(JsonNode annotations) {
        this.annotations = annotations;
    }

    static List<FieldProblem> check(JsonNode annotations, AutoscalerConfig config) {
        ScaleBoundRules rules = new ScaleBoundRules(annotations);
        int min = rules.scale(ScaleAnnotation.MIN_SCALE);
        int max = rules.scale(ScaleAnnotation.MAX_SCALE);
        if (max != 0 && max < min) {
            rules.problems.add(FieldProblem.of(
                    "max-scale=" + max + " is less than min-scale=" + min,
                    ScaleAnnotation.MAX_SCALE.key(),
                    ScaleAnnotation.MIN_SCALE.key()));
        }
        rules.checkLimit(max, config.maxScaleLimit());
        rules.checkActivation(min, max);
        return rules.problems;
    }

    /** The scale; 0 where there is none, and where there is none that Knative accepts. */
    private int scale(ScaleAnnotation annotation) {
        Optional<ScaleAnnotation.Found> found = annotation.find(annotations);
        if (found.isEmpty()) {
            return 0;
        }
        String value = found.get().value();
        OptionalInt scale = GoValues.int32(value);
        if (scale.isPresent() && scale.getAsInt() >= 0) {
            return scale.getAsInt();
        }
        problems.add(
                GoValues.isInteger(value)
                        ? outOfBounds(found.get())
                        : FieldProblem.invalidValue(value, found.get().key()));
        return 0;
    }

    private static FieldProblem outOfBounds(ScaleAnnotation.Found found) {
        return FieldProblem.outOfBounds(found.value(), 0, Integer.MAX_VALUE, found.key());
    }

    /** Where the cluster has a limit, "unlimited" is over it; an annotation that did not parse counts as 0. */
    private void checkLimit(int max, int limit) {
        ScaleAnnotation.MAX_SCALE.find(annotations).filter(found -> limit != 0).ifPresent(found -> {
            if (max > limit) {
                problems.add(FieldProblem.outOfBounds(max, 1, limit, found.key()));
            } else if (max == 0) {
                problems.add(FieldProblem.of("max-scale=0 (unlimited), must be less than " + limit, found.key()));
            }
        });
    }

    private void checkActivation(int min, int max) {
        ScaleAnnotation.ACTIVATION_SCALE.find(annotations).ifPresent(found -> {
            OptionalInt scale = GoValues.int32(found.value());
            if (scale.isEmpty()) {
                problems.add(FieldProblem.invalidValue(found.value(), found.key()));
                return;
            }
            int activation = scale.getAsInt();
            if (min > activation) {
                problems.add(FieldProblem.of(
                        "min-scale=" + min + " is greater than activation-scale=" + activation, found.key()));
            } else if (max != 0 && max < activation) {
                problems.add(FieldProblem.of(
                        "max-scale=" + max + " is less than activation-scale=" + activation, found.key()));
            } else if (activation < 2) {
                problems.add(
                        FieldProblem.of("activation-scale=" + activation + " must be greater than 1", found.key()));
            }
        });
    }
}

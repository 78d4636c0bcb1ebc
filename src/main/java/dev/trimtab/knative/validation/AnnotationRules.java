package dev.trimtab.knative.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.types.Type;
import dev.trimtab.types.TypeCheck;
import dev.trimtab.types.TypeCheck.TypeProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Checks the {@code autoscaling.knative.dev/} annotations of a template as Knative does
 * (pkg/apis/autoscaling/annotation_validation.go, Knative 1.23). Unknown keys are accepted. Knative does not compare
 * initial-scale with the bounds, nor min-scale with the cluster's max-scale.
 */
public final class AnnotationRules {
    private static final Set<String> ALGORITHMS = Set.of("", "linear", "weighted-exponential", "weightedExponential");
    private static final Set<String> KPA_METRICS = Set.of("concurrency", "rps");
    /** Knative refuses other classes with this suffix. */
    private static final String OWN_DOMAIN = ".knative.dev";

    private final JsonNode annotations;
    private final AutoscalerConfig config;
    private final List<FieldProblem> problems = new ArrayList<>();

    private AnnotationRules(JsonNode annotations, AutoscalerConfig config) {
        this.annotations = annotations;
        this.config = config;
    }

    /**
     * Merged and sorted as Knative prints them. Paths are the annotations' keys.
     *
     * @param annotations may be null
     */
    public static List<FieldProblem> check(JsonNode annotations, AutoscalerConfig config) {
        List<TypeProblem> types = annotations == null ? List.of() : TypeCheck.of(annotations, Type.MAP_OF_TEXTS);
        if (!types.isEmpty()) {
            return FieldProblem.merged(FieldProblem.of(types));
        }
        AnnotationRules rules = new AnnotationRules(annotations, config);
        rules.checkClass();
        rules.problems.addAll(ScaleBoundRules.check(annotations, config));
        rules.checkNumbers();
        rules.checkDurations();
        rules.checkMetric();
        rules.checkAlgorithm();
        rules.checkInitialScale();
        return FieldProblem.merged(rules.problems);
    }

    private void checkClass() {
        ScaleAnnotation.CLASS.find(annotations).ifPresent(found -> {
            boolean own =
                    found.value().equals(AutoscalerConfig.KPA) || found.value().equals(AutoscalerConfig.HPA);
            if (found.value().endsWith(OWN_DOMAIN) && !own) {
                problems.add(invalid(found));
            }
        });
    }

    private void checkNumbers() {
        checkRange(ScaleAnnotation.PANIC_WINDOW_PERCENTAGE, 1, 100);
        checkRange(ScaleAnnotation.PANIC_THRESHOLD_PERCENTAGE, 110, 1000);
        checkRange(ScaleAnnotation.TARGET_UTILIZATION_PERCENTAGE, 1, 100);
        ScaleAnnotation.TARGET.find(annotations).ifPresent(found -> {
            OptionalDouble number = GoParsing.float64(found.value());
            if (number.isEmpty()) {
                problems.add(invalid(found));
            } else if (number.getAsDouble() < AutoscalerConfig.TARGET_MIN) {
                problems.add(FieldProblem.of("target " + found.value() + " should be at least 0.01", found.key()));
            }
        });
        ScaleAnnotation.TARGET_BURST_CAPACITY.find(annotations).ifPresent(found -> {
            OptionalDouble number = GoParsing.float64(found.value());
            if (number.isEmpty() || (number.getAsDouble() < 0 && number.getAsDouble() != -1)) {
                problems.add(invalid(found));
            }
        });
    }

    /** NaN passes, as in Go: it is neither below nor above a bound. */
    private void checkRange(ScaleAnnotation annotation, int lower, int upper) {
        annotation.find(annotations).ifPresent(found -> {
            OptionalDouble number = GoParsing.float64(found.value());
            if (number.isEmpty()) {
                problems.add(invalid(found));
            } else if (number.getAsDouble() < lower || number.getAsDouble() > upper) {
                problems.add(FieldProblem.outOfBounds(found.value(), lower, upper, found.key()));
            }
        });
    }

    private void checkDurations() {
        checkDuration(ScaleAnnotation.WINDOW, AutoscalerConfig.WINDOW_MIN, true);
        checkDuration(ScaleAnnotation.SCALE_TO_ZERO_POD_RETENTION_PERIOD, Duration.ZERO, false);
        checkDuration(ScaleAnnotation.SCALE_DOWN_DELAY, Duration.ZERO, true);
    }

    private void checkDuration(ScaleAnnotation annotation, Duration lower, boolean wholeSeconds) {
        annotation.find(annotations).ifPresent(found -> {
            Optional<Duration> duration = GoParsing.duration(found.value());
            Duration upper = AutoscalerConfig.WINDOW_MAX;
            if (duration.isEmpty()) {
                problems.add(invalid(found));
            } else if (duration.get().compareTo(lower) < 0 || duration.get().compareTo(upper) > 0) {
                problems.add(FieldProblem.outOfBounds(
                        found.value(), GoParsing.format(lower), GoParsing.format(upper), found.key()));
            } else if (wholeSeconds && duration.get().toNanosPart() != 0) {
                problems.add(FieldProblem.of("must be specified with at most second precision", found.key()));
            }
        });
    }

    /** A class that is not Knative's own may have any metric. */
    private void checkMetric() {
        ScaleAnnotation.METRIC.find(annotations).ifPresent(found -> {
            String autoscaler = ScaleAnnotation.CLASS
                    .find(annotations)
                    .map(ScaleAnnotation.Found::value)
                    .orElse(config.podAutoscalerClass());
            boolean accepted =
                    switch (autoscaler) {
                        case AutoscalerConfig.KPA -> KPA_METRICS.contains(found.value());
                        case AutoscalerConfig.HPA -> !found.value().isEmpty();
                        default -> true;
                    };
            if (!accepted) {
                problems.add(invalid(found));
            }
        });
    }

    /** Only if the document names the class; the cluster's default class does not count here. */
    private void checkAlgorithm() {
        boolean kpa = ScaleAnnotation.CLASS
                .find(annotations)
                .filter(found -> found.value().equals(AutoscalerConfig.KPA))
                .isPresent();
        ScaleAnnotation.METRIC_AGGREGATION_ALGORITHM
                .find(annotations)
                .filter(found -> kpa && !ALGORITHMS.contains(found.value()))
                .ifPresent(found -> problems.add(invalid(found)));
    }

    private void checkInitialScale() {
        ScaleAnnotation.INITIAL_SCALE.find(annotations).ifPresent(found -> {
            // Knative reads 64 bits here, unlike for the other scales.
            var scale = GoParsing.int64(found.value());
            if (scale.isEmpty()) {
                problems.add(invalid(found));
            } else if (scale.getAsLong() < 0) {
                problems.add(FieldProblem.invalidValue(found.value(), found.key() + " must be greater than 0"));
            } else if (scale.getAsLong() == 0 && !config.allowZeroInitialScale()) {
                problems.add(FieldProblem.invalidValue(found.value(), found.key() + "=0 not allowed by cluster"));
            }
        });
    }

    private static FieldProblem invalid(ScaleAnnotation.Found found) {
        return FieldProblem.invalidValue(found.value(), found.key());
    }

    /** Checks min-scale, max-scale and activation-scale, each alone and against each other. */
    static final class ScaleBoundRules {
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

        /** 0 if the annotation is missing, or Knative refuses it. */
        private int scale(ScaleAnnotation annotation) {
            Optional<ScaleAnnotation.Found> found = annotation.find(annotations);
            if (found.isEmpty()) {
                return 0;
            }
            String value = found.get().value();
            OptionalInt scale = GoParsing.int32(value);
            if (scale.isPresent() && scale.getAsInt() >= 0) {
                return scale.getAsInt();
            }
            problems.add(
                    GoParsing.isInteger(value)
                            ? outOfBounds(found.get())
                            : FieldProblem.invalidValue(value, found.get().key()));
            return 0;
        }

        private static FieldProblem outOfBounds(ScaleAnnotation.Found found) {
            return FieldProblem.outOfBounds(found.value(), 0, Integer.MAX_VALUE, found.key());
        }

        /** With a limit, max-scale must not be 0 (unlimited). */
        private void checkLimit(int max, int limit) {
            ScaleAnnotation.MAX_SCALE
                    .find(annotations)
                    .filter(found -> limit != 0)
                    .ifPresent(found -> {
                        if (max > limit) {
                            problems.add(FieldProblem.outOfBounds(max, 1, limit, found.key()));
                        } else if (max == 0) {
                            problems.add(FieldProblem.of(
                                    "max-scale=0 (unlimited), must be less than " + limit, found.key()));
                        }
                    });
        }

        private void checkActivation(int min, int max) {
            ScaleAnnotation.ACTIVATION_SCALE.find(annotations).ifPresent(found -> {
                OptionalInt scale = GoParsing.int32(found.value());
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
}

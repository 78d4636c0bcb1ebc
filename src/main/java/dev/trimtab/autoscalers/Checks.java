package dev.trimtab.autoscalers;

import dev.trimtab.autoscalers.Problem.Fault;
import dev.trimtab.policy.AibrixCheck;
import dev.trimtab.policy.AibrixCheck.Severity;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

public final class Checks {
    private static final List<Check> ALL = List.of(
            ofOthers(AibrixCheck.DUPLICATE_TARGET, TargetChecks::duplicateTarget),
            ofOthers(AibrixCheck.ROLE_AND_WHOLE, TargetChecks::roleAndWhole),
            check(AibrixCheck.OTHER_NAMESPACE, TargetChecks::otherNamespace),
            check(AibrixCheck.MISSING_API_VERSION, TargetChecks::apiVersion),
            check(AibrixCheck.REPEATED_METRIC, MetricChecks::repeatedMetric),
            ofOthers(AibrixCheck.IGNORED_PATH, MetricChecks::ignoredPath),
            ofOthers(AibrixCheck.SHARED_EXTERNAL_METRIC, MetricChecks::sharedExternalMetric),
            check(AibrixCheck.UNKNOWN_METRIC, MetricChecks::unknownMetric),
            check(AibrixCheck.IMPOSSIBLE_BOUNDS, TargetChecks::bounds),
            check(AibrixCheck.MINIMUM_OF_HPA, TargetChecks::minimumOfHpa),
            check(AibrixCheck.SCALE_TO_ZERO, AnnotationChecks::scaleToZero),
            check(AibrixCheck.ANNOTATION_VALUE, AnnotationChecks::annotationValue),
            check(AibrixCheck.DEAD_KEY, AnnotationChecks::deadKey),
            check(AibrixCheck.LABEL, AnnotationChecks::label),
            check(AibrixCheck.RATIO_TARGET, MetricChecks::ratioTarget),
            check(AibrixCheck.FRACTION_OF_HPA, MetricChecks::fractionOfHpa),
            check(AibrixCheck.ROLE_OF_NONE, TargetChecks::roleOfNone),
            ofOthers(AibrixCheck.OTHER_SCALER, TargetChecks::otherScaler),
            check(AibrixCheck.GPU_QUOTA, TargetChecks::gpuQuota),
            check(AibrixCheck.SHORT_WINDOW, WindowChecks::shortWindow),
            check(AibrixCheck.AVERAGED_RATIO, MetricChecks::averagedRatio),
            check(AibrixCheck.SOURCE_SHAPE, SourceShapeCheck::sourceShape),
            check(AibrixCheck.PANIC_WINDOW, WindowChecks::panicWindow));

    /**
     * A pure function of one PodAutoscaler and its cluster. It never throws for what an author wrote.
     *
     * @param isOfOthers whether it depends on other objects, and so may come true without a write to this one
     */
    private record Check(AibrixCheck id, boolean isOfOthers, Function<CheckInput, List<Fault>> function) {}

    private Checks() {}

    private static Check check(AibrixCheck id, Function<CheckInput, List<Fault>> function) {
        return new Check(id, false, function);
    }

    private static Check ofOthers(AibrixCheck id, Function<CheckInput, List<Fault>> function) {
        return new Check(id, true, function);
    }

    public static List<Problem> find(CheckInput input) {
        return find(input, any -> true);
    }

    /** Only conflicts with others: two objects that are created at once do not see each other. */
    public static List<Problem> findConflicts(CheckInput input) {
        return find(input, Check::isOfOthers);
    }

    private static List<Problem> find(CheckInput input, Predicate<Check> wanted) {
        return ALL.stream()
                .filter(wanted)
                .filter(check -> input.policy().severity(check.id) != Severity.IGNORE)
                .flatMap(check -> check.function.apply(input).stream().map(fault -> new Problem(check.id, fault)))
                .toList();
    }
}

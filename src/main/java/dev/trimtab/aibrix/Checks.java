package dev.trimtab.aibrix;

import dev.trimtab.policy.Severity;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** All checks, in the order of their numbers. */
public final class Checks {
    private static final List<Check> ALL = List.of(
            new DuplicateTargetCheck(),
            new RoleAndWholeCheck(),
            new OtherNamespaceCheck(),
            new ApiVersionCheck(),
            new RepeatedMetricCheck(),
            new IgnoredPathCheck(),
            new SharedExternalMetricCheck(),
            new UnknownMetricCheck(),
            new BoundsCheck(),
            new MinimumOfHpaCheck(),
            new ScaleToZeroCheck(),
            new AnnotationValueCheck(),
            new DeadKeyCheck(),
            new LabelCheck(),
            new RatioTargetCheck(),
            new FractionOfHpaCheck(),
            new RoleOfNoneCheck(),
            new OtherScalerCheck(),
            new GpuQuotaCheck(),
            new ShortWindowCheck(),
            new AveragedRatioCheck(),
            new SourceShapeCheck(),
            new PanicWindowCheck());

    /** Those that hang on what else is there, and so may come true without a write to the object. */
    private static final Set<Check> OF_SURROUNDINGS = ALL.stream()
            .filter(it -> it instanceof DuplicateTargetCheck
                    || it instanceof RoleAndWholeCheck
                    || it instanceof IgnoredPathCheck
                    || it instanceof SharedExternalMetricCheck
                    || it instanceof OtherScalerCheck)
            .collect(Collectors.toUnmodifiableSet());

    private Checks() {}

    /** What is wrong with one PodAutoscaler, less what the policy ignores. */
    public static List<Problem> find(Examined examined) {
        return find(examined, ALL);
    }

    /** Only the conflicts with others: two that are created at once see nothing of each other. */
    public static List<Problem> findConflicts(Examined examined) {
        return find(examined, ALL.stream().filter(OF_SURROUNDINGS::contains).toList());
    }

    private static List<Problem> find(Examined examined, List<Check> checks) {
        return checks.stream()
                .filter(check -> examined.policy().severity(check.id()) != Severity.IGNORE)
                .flatMap(check -> check.find(examined).stream())
                .toList();
    }
}

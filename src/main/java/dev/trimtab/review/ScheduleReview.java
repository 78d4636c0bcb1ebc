package dev.trimtab.review;

import dev.trimtab.manifest.Manifest;
import dev.trimtab.review.AdmissionResponse.Endpoint;
import dev.trimtab.schedule.ScheduleProblem;
import dev.trimtab.schedule.ServingSchedule;
import dev.trimtab.snapshot.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Refuses a ServingSchedule that cannot be read, with all its problems, and one whose selector may select the same service as
 * another one: two schedules would stop and start it in turn.
 */
public final class ScheduleReview {
    public AdmissionResponse answer(AdmissionRequest request, Settings settings) {
        String refusal = request.object()
                .filter(it -> !it.isBeingDeleted() && isChanged(it, request.stored()))
                .map(it -> refusal(it, request, settings))
                .orElse("");
        return AdmissionResponse.of(Endpoint.GUARD, request, Review.judged(request, List.of(), List.of(), refusal));
    }

    /** A write of labels or finalizers must not fail for what is stored already. */
    private static boolean isChanged(Manifest schedule, Optional<Manifest> stored) {
        return stored.filter(it -> it.root().path("spec").equals(schedule.root().path("spec")))
                .isEmpty();
    }

    private static String refusal(Manifest schedule, AdmissionRequest request, Settings settings) {
        if (ServingSchedule.read(schedule) instanceof ServingSchedule.Valid valid) {
            boolean same = request.stored()
                    .map(ServingSchedule::read)
                    .filter(it -> it instanceof ServingSchedule.Valid before
                            && selectsSame(before.schedule(), valid.schedule()))
                    .isPresent();
            return valid.schedule().acts() && !same
                    ? overlap(request.namespace(), valid.schedule(), settings).orElse("")
                    : "";
        }
        ServingSchedule.Invalid invalid = (ServingSchedule.Invalid) ServingSchedule.read(schedule);
        return invalid.problems().stream().map(ScheduleProblem::toString).collect(Collectors.joining("\n"));
    }

    /** Then an overlap is not of this write, which may be the way out of it. */
    private static boolean selectsSame(ServingSchedule before, ServingSchedule now) {
        return before.acts()
                && before.selector().equals(now.selector())
                && before.kinds().equals(now.kinds());
    }

    private static Optional<String> overlap(String namespace, ServingSchedule schedule, Settings settings) {
        Map<String, ServingSchedule> others = new TreeMap<>(settings.schedules().in(namespace));
        return others.entrySet().stream()
                .filter(it -> !it.getKey().equals(schedule.name()))
                .filter(it -> it.getValue().mayMeet(schedule))
                .findFirst()
                .map(it ->
                        ("spec.selector: a service could be selected by ServingSchedule %s (%s) and by %s (%s). Add an expression that"
                                        + " tells them apart, such as {key: LABEL, operator: NotIn, values: [VALUE]}")
                                .formatted(
                                        schedule.name(),
                                        schedule.selector(),
                                        it.getKey(),
                                        it.getValue().selector()));
    }
}

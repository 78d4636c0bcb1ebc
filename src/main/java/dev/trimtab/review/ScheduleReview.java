package dev.trimtab.review;

import dev.trimtab.manifest.Manifest;
import dev.trimtab.review.AdmissionResponse.Endpoint;
import dev.trimtab.schedule.ScheduleProblem;
import dev.trimtab.schedule.Selector;
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
                .map(it -> refusal(it, request.namespace(), settings))
                .orElse("");
        return AdmissionResponse.of(Endpoint.GUARD, request, Review.judged(request, List.of(), List.of(), refusal));
    }

    /** A write of labels or finalizers must not fail for what is stored already. */
    private static boolean isChanged(Manifest schedule, Optional<Manifest> stored) {
        return stored.filter(it -> it.root().path("spec").equals(schedule.root().path("spec")))
                .isEmpty();
    }

    private static String refusal(Manifest schedule, String namespace, Settings settings) {
        if (ServingSchedule.read(schedule) instanceof ServingSchedule.Valid valid) {
            return overlap(namespace, valid.schedule(), settings).orElse("");
        }
        ServingSchedule.Invalid invalid = (ServingSchedule.Invalid) ServingSchedule.read(schedule);
        return invalid.problems().stream().map(ScheduleProblem::toString).collect(Collectors.joining("\n"));
    }

    private static Optional<String> overlap(String namespace, ServingSchedule schedule, Settings settings) {
        Map<String, Selector> others =
                new TreeMap<>(settings.schedules().byNamespace().getOrDefault(namespace, Map.of()));
        return others.entrySet().stream()
                .filter(it -> !it.getKey().equals(schedule.name()))
                .filter(it -> it.getValue().mayMeet(schedule.selector()))
                .findFirst()
                .map(it ->
                        ("spec.selector: a service could be selected by ServingSchedule %s (%s) and by %s (%s). Add an expression that"
                                        + " tells them apart, such as {key: LABEL, operator: NotIn, values: [VALUE]}")
                                .formatted(schedule.name(), schedule.selector(), it.getKey(), it.getValue()));
    }
}

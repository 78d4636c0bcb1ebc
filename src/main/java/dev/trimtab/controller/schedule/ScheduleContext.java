package dev.trimtab.controller.schedule;

import dev.trimtab.controller.ControllerSettings;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.review.Reviewer;
import dev.trimtab.schedule.ServingSchedule;
import dev.trimtab.schedule.StartDemand;
import dev.trimtab.schedule.UpTime;
import dev.trimtab.snapshot.Settings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a reconcile of a schedule works with.
 *
 * @param refusals when the cluster last refused a write of a service, by UID: a rate limit, and what the status says of it
 */
record ScheduleContext(
        StoredSchedules schedules,
        SelectedServices services,
        ScheduledWrites writes,
        EventRecorder events,
        ControllerSettings settings,
        Clock clock,
        Map<String, Instant> refusals) {
    /** Interval until a write is tried again that came too late. */
    static final Duration SOON = Duration.ofSeconds(1);

    /** Interval while services start, in case an event is lost. */
    static final Duration STARTING = Duration.ofSeconds(15);

    /** Interval after a refused write. */
    static final Duration RETRY = Duration.ofSeconds(30);

    /** Interval at rest: for a clock that jumps, and for holidays, which are not watched. */
    static final Duration RESYNC = Duration.ofMinutes(5);

    /** GPUs that a start asks for, with what Trimtab would fill now. */
    StartDemand demand(String namespace) {
        Settings known = settings.snapshot().get();
        Reviewer reviewer = new Reviewer(settings.excludedNamespaces());
        return new StartDemand(
                it -> reviewer.review(it, Optional.empty(), namespace, known).result(),
                known.defaultMode(),
                known.knative().autoscaler(),
                name -> services.claimTemplate(namespace, name));
    }

    /** @param problem why holidays of the calendar are unknown, or empty */
    record Calendar(UpTime upTime, String problem) {}

    /** Without its calendar, a schedule keeps services up on a holiday: a model too many is better than one too few. */
    Calendar calendar(ServingSchedule spec) {
        if (spec.holidayCalendar().isEmpty()) {
            return new Calendar(spec.upTime(List.of()), "");
        }
        String key = spec.holidayCalendar().get();
        List<String> text = schedules.calendar(spec.namespace(), key).stream().toList();
        UpTime upTime = spec.upTime(text);
        String problem = text.isEmpty()
                ? "ConfigMap %s has no key %s".formatted(ServingSchedule.HOLIDAYS, key)
                : String.join("; ", upTime.holidays().problems());
        return new Calendar(
                upTime, problem.isEmpty() ? "" : "acts without the holidays of %s: %s".formatted(key, problem));
    }
}

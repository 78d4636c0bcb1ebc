package dev.trimtab.controller.schedule;

import static dev.trimtab.controller.schedule.ScheduleContext.SOON;

import dev.trimtab.controller.ControllerSettings;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.EventRecorder.EventNote;
import dev.trimtab.kube.RawClient;
import dev.trimtab.lifecycle.Times;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.schedule.ScheduleProblem;
import dev.trimtab.schedule.ScheduleRef;
import dev.trimtab.schedule.ScheduleStatus;
import dev.trimtab.schedule.ScheduleStatus.Verdict;
import dev.trimtab.schedule.ServingSchedule;
import dev.trimtab.schedule.ServingSchedule.OnDelete;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Reconciles a ServingSchedule: what its services should be now follows from its spec, the clock and the cluster alone. So
 * the first reconcile is right after any pause, any jump of the clock, and beside another controller.
 */
public final class ScheduleReconciler {
    private final StoredSchedules schedules;
    private final ScheduleContext context;

    public ScheduleReconciler(
            RawClient objects,
            ControllerSettings settings,
            EventRecorder events,
            ScheduleMetrics metrics,
            Clock clock,
            BooleanSupplier leads) {
        this.schedules = new StoredSchedules(objects, metrics, leads);
        this.context = new ScheduleContext(
                schedules,
                new SelectedServices(objects, settings),
                new ScheduledWrites(objects, events),
                events,
                settings,
                clock,
                new ConcurrentHashMap<>());
    }

    /** @return time until the next reconcile; empty if only a change of the schedule can make one necessary */
    public Optional<Duration> reconcile(ScheduleRef ref) {
        Optional<Manifest> schedule = schedules.find(ref);
        if (schedule.isEmpty()) {
            return Optional.empty();
        }
        ServingSchedule.Reading reading = ServingSchedule.read(schedule.get());
        Instant now = context.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        if (reading instanceof ServingSchedule.Invalid invalid) {
            return invalid(schedule.get(), invalid.problems(), now);
        }
        return valid(ref, schedule.get(), ((ServingSchedule.Valid) reading).schedule(), now);
    }

    /** Services stay as they are until the schedule is mended or gone. */
    private Optional<Duration> invalid(Manifest schedule, List<ScheduleProblem> problems, Instant now) {
        if (schedule.isBeingDeleted()) {
            return soonUnless(schedules.letGo(schedule));
        }
        String why = problems.stream().map(ScheduleProblem::toString).collect(Collectors.joining("; "));
        Instant created =
                Times.read(schedule.metadata().path("creationTimestamp")).orElse(Instant.EPOCH);
        context.events().record(schedule, EventNote.warning("ScheduleInvalid", why, created));
        Verdict verdict = new Verdict(false, Verdict.INVALID, why);
        return soonUnless(schedules.store(schedule, ScheduleStatus.invalid(schedule, verdict, now), now));
    }

    private Optional<Duration> valid(ScheduleRef ref, Manifest schedule, ServingSchedule spec, Instant now) {
        boolean starts = spec.onDelete() == OnDelete.START;
        if (schedule.isBeingDeleted()) {
            Optional<Duration> next = starts && StoredSchedules.isHeld(schedule)
                    ? new ScheduleFarewell(context, ref, spec, now).run(schedule)
                    : Optional.empty();
            return next.isPresent() ? next : soonUnless(schedules.letGo(schedule));
        }
        if (starts != StoredSchedules.isHeld(schedule)) {
            boolean unused = starts ? schedules.hold(schedule) : schedules.letGo(schedule);
            return Optional.of(SOON);
        }
        return new SchedulePass(context, ref, spec, now).run(schedule);
    }

    private static Optional<Duration> soonUnless(boolean done) {
        return done ? Optional.empty() : Optional.of(SOON);
    }
}

package dev.trimtab.controller.schedule;

import static dev.trimtab.controller.schedule.ScheduleContext.SOON;
import static dev.trimtab.controller.schedule.ScheduleContext.STARTING;

import dev.trimtab.controller.schedule.ScheduledWrites.Written;
import dev.trimtab.kube.EventRecorder.EventNote;
import dev.trimtab.lifecycle.Times;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.schedule.Candidate;
import dev.trimtab.schedule.Phase;
import dev.trimtab.schedule.SchedulePlan;
import dev.trimtab.schedule.SchedulePlan.Rules;
import dev.trimtab.schedule.ScheduleRef;
import dev.trimtab.schedule.ScheduleStatus;
import dev.trimtab.schedule.ServingSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Starts what a deleted schedule has stopped. Nothing may keep the schedule for long. */
final class ScheduleFarewell {
    private final ScheduleContext context;
    private final ScheduleRef ref;
    private final ServingSchedule spec;
    private final Instant now;

    ScheduleFarewell(ScheduleContext context, ScheduleRef ref, ServingSchedule spec, Instant now) {
        this.context = context;
        this.ref = ref;
        this.spec = spec;
        this.now = now;
    }

    /** @return time until the next reconcile; empty if the schedule may go */
    Optional<Duration> run(Manifest schedule) {
        boolean acts = !spec.dryRun()
                && !context.settings().isAudit()
                && !context.services().isExcluded(ref.namespace());
        if (!acts) {
            return Optional.empty();
        }
        Instant deleted =
                Times.read(schedule.metadata().path("deletionTimestamp")).orElse(now);
        if (now.isAfter(deleted.plus(spec.readyWithin()))) {
            String message = "not all services could be started in time";
            context.events().record(schedule, EventNote.warning("ScheduleRefused", message, deleted));
            return Optional.empty();
        }
        SchedulePlan plan = plan(schedule);
        if (plan.begun().isEmpty() && plan.waiting().isEmpty()) {
            return Optional.empty();
        }
        ScheduleStatus status =
                ScheduleStatus.leaving(schedule, plan.starting(), plan.waiting().size(), now);
        if (!context.schedules().store(schedule, status, now)) {
            return Optional.of(SOON);
        }
        boolean done = true;
        for (Candidate service : plan.begun()) {
            done &= context.writes().start(service, ref, deleted, now) == Written.DONE;
        }
        return Optional.of(done && plan.waiting().isEmpty() ? SOON : STARTING);
    }

    private SchedulePlan plan(Manifest schedule) {
        Rules rules = new Rules(ref.name(), Phase.UP, Instant.EPOCH, spec.maxStartingGpus(), spec.readyWithin());
        return SchedulePlan.of(
                rules,
                context.services().stoppedBy(spec),
                context.demand(ref.namespace())::of,
                ScheduleStatus.starting(schedule),
                Set.of(),
                now);
    }
}

package dev.trimtab.controller.schedule;

import static dev.trimtab.controller.schedule.ScheduleContext.RESYNC;
import static dev.trimtab.controller.schedule.ScheduleContext.RETRY;
import static dev.trimtab.controller.schedule.ScheduleContext.SOON;
import static dev.trimtab.controller.schedule.ScheduleContext.STARTING;

import dev.trimtab.controller.schedule.ScheduleContext.Calendar;
import dev.trimtab.controller.schedule.ScheduledWrites.Written;
import dev.trimtab.controller.schedule.SelectedServices.Selected;
import dev.trimtab.kube.EventRecorder.EventNote;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.schedule.Candidate;
import dev.trimtab.schedule.Keep;
import dev.trimtab.schedule.Phase;
import dev.trimtab.schedule.SchedulePlan;
import dev.trimtab.schedule.SchedulePlan.Rules;
import dev.trimtab.schedule.ScheduleRef;
import dev.trimtab.schedule.ScheduleStatus;
import dev.trimtab.schedule.ScheduleStatus.Released;
import dev.trimtab.schedule.ServingSchedule;
import dev.trimtab.schedule.StartDemand;
import dev.trimtab.schedule.Starting;
import dev.trimtab.schedule.StopMark;
import dev.trimtab.schedule.UpTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** One reconcile of a valid schedule. */
final class SchedulePass {
    /** Rounds of starts: each refused start gives its room to others. */
    private static final int ROUNDS = 3;

    private final ScheduleContext context;
    private final ScheduleRef ref;
    private final ServingSchedule spec;
    private final Instant now;
    private final Phase phase;
    private final Instant began;
    private final Optional<Instant> since;
    private final Optional<Instant> next;
    private final Selected selected;
    private final StartDemand demand;
    private final boolean excluded;
    private final String calendarProblem;

    /** Services that get no room: a write of them was refused a moment ago. */
    private final Set<String> refused = new HashSet<>();

    private boolean again;

    SchedulePass(ScheduleContext context, ScheduleRef ref, ServingSchedule spec, Instant now) {
        this.context = context;
        this.ref = ref;
        this.spec = spec;
        this.now = now;
        Calendar calendar = context.calendar(spec);
        this.calendarProblem = calendar.problem();
        UpTime upTime = calendar.upTime();
        this.phase = upTime.at(now);
        this.since = upTime.since(now);
        this.began = since.orElse(Instant.EPOCH);
        this.next = upTime.next(now);
        this.selected = context.services().of(spec);
        this.excluded = context.services().isExcluded(ref.namespace());
        this.demand = context.demand(ref.namespace());
        // What nobody has asked for lately, such as a service that is gone.
        context.refusals().values().removeIf(it -> now.isAfter(it.plus(RESYNC)));
        refusedSince(RETRY).forEach(it -> refused.add(it.uid()));
    }

    private Stream<Candidate> refusedSince(Duration lately) {
        return selected.services().stream()
                .filter(it -> Optional.ofNullable(context.refusals().get(it.uid()))
                        .filter(refusal -> now.isBefore(refusal.plus(lately)))
                        .isPresent());
    }

    Optional<Duration> run(Manifest first) {
        Manifest schedule = first;
        for (int round = 0; round < ROUNDS; round++) {
            SchedulePlan plan = plan(schedule);
            ScheduleVerdict verdict = verdict();
            if (verdict.acts()) {
                // Before the status forgets them: an Event is posted once, whoever tries again.
                plan.late().forEach(this::late);
            }
            if (!context.schedules().store(schedule, status(schedule, plan, verdict), now)) {
                return Optional.of(SOON);
            }
            if (!verdict.acts()) {
                announce(schedule, plan, verdict);
                return Optional.of(rest(RESYNC));
            }
            if (!isRefused(plan)) {
                boolean busy = !plan.starting().isEmpty() || !plan.waiting().isEmpty();
                return Optional.of(rest(again ? RETRY : busy ? STARTING : RESYNC));
            }
            Optional<Manifest> current = context.schedules().find(ref);
            if (current.isEmpty()) {
                return Optional.of(SOON);
            }
            schedule = current.get();
        }
        return Optional.of(RETRY);
    }

    private SchedulePlan plan(Manifest schedule) {
        Rules rules = new Rules(ref.name(), phase, began, spec.maxStartingGpus(), spec.readyWithin());
        return SchedulePlan.of(rules, selected.services(), demand::of, ScheduleStatus.starting(schedule), refused, now);
    }

    private ScheduleVerdict verdict() {
        List<String> names =
                refusedSince(RETRY.multipliedBy(2)).map(it -> it.ref().name()).toList();
        return new ScheduleVerdict(spec, selected, excluded, context.settings().isAudit(), calendarProblem, names);
    }

    /** Carries out the plan. Whether the cluster has refused a start that had room. */
    private boolean isRefused(SchedulePlan plan) {
        for (Candidate service : plan.stops()) {
            if (!refused.contains(service.uid())) {
                StopMark mark =
                        new StopMark(ref.name(), began, now, context.services().held(service.ref()));
                boolean unused = isRefused(service, context.writes().stop(service, mark, until()));
            }
        }
        for (Candidate service : plan.outdated()) {
            StopMark mark = service.mark().orElseThrow().of(began);
            boolean unused = isRefused(service, context.writes().renew(service, mark));
        }
        boolean any = false;
        for (Candidate service : plan.begun()) {
            any |= isRefused(service, context.writes().start(service, ref, began, now));
        }
        return any;
    }

    private boolean isRefused(Candidate service, Written written) {
        again |= written != Written.DONE;
        if (written == Written.REFUSED) {
            context.refusals().put(service.uid(), now);
            refused.add(service.uid());
        } else {
            context.refusals().remove(service.uid());
        }
        return written == Written.REFUSED;
    }

    private String until() {
        return next.map(it -> "until " + it.atZone(spec.zone()).toOffsetDateTime())
                .orElse("without an end in the next 400 days");
    }

    private void late(Starting start) {
        String message = "not ready %d min after its start: %s starts others meanwhile"
                .formatted(spec.readyWithin().toMinutes(), ref);
        selected.services().stream().filter(it -> it.uid().equals(start.uid())).forEach(it -> context.events()
                .record(it.service(), EventNote.warning("StartLate", message, start.since())));
    }

    private ScheduleStatus status(Manifest schedule, SchedulePlan plan, ScheduleVerdict verdict) {
        List<Candidate> all = selected.services();
        long down = all.stream().filter(Candidate::isStopped).count();
        long released = all.stream()
                .flatMap(it -> it.mark().stream())
                .filter(it -> it.schedule().equals(ref.name()))
                .mapToLong(it -> it.gpus().whole())
                .sum();
        return new ScheduleStatus(
                ScheduleStatus.generation(schedule),
                Optional.of(phase),
                since,
                next,
                all.size() - down,
                down,
                plan.kept().size(),
                released,
                Released.of(schedule).plus(ScheduleStatus.gpusReleased(schedule), now),
                verdict.acts() ? plan.starting() : plan.goingOn(),
                verdict.of(plan));
    }

    /** What a dry run would do, once for each phase and plan. */
    private void announce(Manifest schedule, SchedulePlan plan, ScheduleVerdict verdict) {
        boolean due = !plan.stops().isEmpty()
                || !plan.begun().isEmpty()
                || !plan.waiting().isEmpty();
        if (verdict.isDryRun() && due) {
            String would = verdict.would(plan);
            context.events().record(schedule, new EventNote(false, "DryRun", would, began, would, Map.of()));
        }
    }

    /** Time until something changes by itself. */
    private Duration rest(Duration longest) {
        Stream<Instant> ends = selected.services().stream()
                .map(it -> Keep.of(it.service(), now))
                .flatMap(it -> it instanceof Keep.InForce word ? word.until().stream() : Stream.empty());
        return Stream.concat(next.stream(), ends)
                .map(it -> Duration.between(context.clock().instant(), it))
                .map(it -> it.compareTo(SOON) < 0 ? SOON : it)
                .filter(it -> it.compareTo(longest) < 0)
                .min(Comparator.naturalOrder())
                .orElse(longest);
    }
}

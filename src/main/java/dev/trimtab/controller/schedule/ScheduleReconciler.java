package dev.trimtab.controller.schedule;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.trimtab.controller.ControllerSettings;
import dev.trimtab.controller.schedule.ScheduledWrites.Written;
import dev.trimtab.controller.schedule.SelectedServices.Selected;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.EventRecorder.EventNote;
import dev.trimtab.kube.RawClient;
import dev.trimtab.lifecycle.FinalizerPatch;
import dev.trimtab.lifecycle.Times;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import dev.trimtab.review.Reviewer;
import dev.trimtab.schedule.Candidate;
import dev.trimtab.schedule.Keep;
import dev.trimtab.schedule.Phase;
import dev.trimtab.schedule.SchedulePlan;
import dev.trimtab.schedule.SchedulePlan.Rules;
import dev.trimtab.schedule.ScheduleProblem;
import dev.trimtab.schedule.ScheduleRef;
import dev.trimtab.schedule.ScheduleStatus;
import dev.trimtab.schedule.ScheduleStatus.Released;
import dev.trimtab.schedule.ScheduleStatus.Verdict;
import dev.trimtab.schedule.ServingSchedule;
import dev.trimtab.schedule.ServingSchedule.OnDelete;
import dev.trimtab.schedule.StartDemand;
import dev.trimtab.schedule.Starting;
import dev.trimtab.schedule.StopMark;
import dev.trimtab.schedule.UpTime;
import dev.trimtab.snapshot.Settings;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reconciles a ServingSchedule: what its services should be now follows from its spec, the clock and the cluster alone. So
 * the first reconcile is right after any pause, any jump of the clock, and beside another controller.
 */
public final class ScheduleReconciler {
    /** Keeps a schedule with {@code onDelete: Start} until its services are started. */
    static final String FINALIZER = "trimtab.dev/schedule";

    private static final Duration SOON = Duration.ofSeconds(1);

    /** Interval while services start, in case an event is lost. */
    private static final Duration STARTING = Duration.ofSeconds(15);

    /** Interval after a refused write. */
    private static final Duration RETRY = Duration.ofSeconds(30);

    /** Interval at rest: for a clock that jumps, and for holidays, which are not watched. */
    private static final Duration RESYNC = Duration.ofMinutes(5);

    private final RawClient objects;
    private final ControllerSettings settings;
    private final EventRecorder events;
    private final ScheduleMetrics metrics;
    private final Clock clock;
    private final BooleanSupplier leads;
    private final SelectedServices services;
    private final ScheduledWrites writes;

    /** When the cluster last refused a write of a service, by UID: a rate limit, and what the status says of it. */
    private final Map<String, Instant> refusals = new ConcurrentHashMap<>();

    public ScheduleReconciler(
            RawClient objects,
            ControllerSettings settings,
            EventRecorder events,
            ScheduleMetrics metrics,
            Clock clock,
            BooleanSupplier leads) {
        this.objects = objects;
        this.settings = settings;
        this.events = events;
        this.metrics = metrics;
        this.clock = clock;
        this.leads = leads;
        this.services = new SelectedServices(objects, settings);
        this.writes = new ScheduledWrites(objects, events);
    }

    /** @return time until the next reconcile; empty if only a change of the schedule can make one necessary */
    public Optional<Duration> reconcile(ScheduleRef ref) {
        Optional<Manifest> found = find(ref);
        if (found.isEmpty()) {
            metrics.forget(ref);
            return Optional.empty();
        }
        Manifest schedule = found.get();
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        if (ServingSchedule.read(schedule) instanceof ServingSchedule.Valid valid) {
            return reconcile(ref, schedule, valid.schedule(), now);
        }
        ServingSchedule.Invalid invalid = (ServingSchedule.Invalid) ServingSchedule.read(schedule);
        return invalid(ref, schedule, invalid.problems(), now);
    }

    private Optional<Manifest> find(ScheduleRef ref) {
        return objects.find(ResourceKind.SERVING_SCHEDULE, ref.namespace(), ref.name())
                .map(Manifest::new);
    }

    /** Services stay as they are until the schedule is mended or gone. */
    private Optional<Duration> invalid(
            ScheduleRef ref, Manifest schedule, List<ScheduleProblem> problems, Instant now) {
        if (schedule.isBeingDeleted()) {
            return letGo(ref, schedule);
        }
        String why = problems.stream().map(ScheduleProblem::toString).collect(Collectors.joining("; "));
        events.record(schedule, EventNote.warning("ScheduleInvalid", why, created(schedule)));
        ScheduleStatus status = ScheduleStatus.invalid(schedule, new Verdict(false, Verdict.INVALID, why), now);
        return store(ref, schedule, status, now) ? Optional.empty() : Optional.of(SOON);
    }

    private Optional<Duration> reconcile(ScheduleRef ref, Manifest schedule, ServingSchedule spec, Instant now) {
        boolean starts = spec.onDelete() == OnDelete.START;
        if (schedule.isBeingDeleted()) {
            return starts && FinalizerPatch.of(schedule).has(FINALIZER)
                    ? new Farewell(ref, schedule, spec, now).run()
                    : letGo(ref, schedule);
        }
        if (starts != FinalizerPatch.of(schedule).has(FINALIZER)) {
            write(
                    schedule,
                    starts
                            ? FinalizerPatch.of(schedule).add(FINALIZER)
                            : FinalizerPatch.of(schedule).remove(FINALIZER));
            return Optional.of(SOON);
        }
        return new Pass(ref, spec, now).run(schedule);
    }

    /** One reconcile of a valid schedule. */
    private final class Pass {
        /** Rounds of starts: each refused start gives its room to others. */
        private static final int ROUNDS = 3;

        private final ScheduleRef ref;
        private final ServingSchedule spec;
        private final Instant now;
        private final Calendar calendar;
        private final Phase phase;
        private final Optional<Instant> began;
        private final Optional<Instant> next;
        private final Selected selected;
        private final boolean excluded;
        private final StartDemand demand;
        /** Services that get no room: their start was refused a moment ago. */
        private final Set<String> refused;

        private boolean again;

        Pass(ScheduleRef ref, ServingSchedule spec, Instant now) {
            this.ref = ref;
            this.spec = spec;
            this.now = now;
            this.calendar = calendar(spec);
            UpTime upTime = calendar.upTime();
            this.phase = upTime.at(now);
            this.began = upTime.since(now);
            this.next = upTime.next(now);
            this.selected = services.of(spec);
            this.excluded = services.isExcluded(ref.namespace());
            this.demand = demand(ref.namespace());
            this.refused = new HashSet<>();
            selected.services().stream()
                    .map(Candidate::uid)
                    .filter(it -> isRefused(it, RETRY))
                    .forEach(refused::add);
        }

        private boolean isRefused(String uid, Duration lately) {
            return Optional.ofNullable(refusals.get(uid))
                    .filter(it -> now.isBefore(it.plus(lately)))
                    .isPresent();
        }

        Optional<Duration> run(Manifest first) {
            Manifest schedule = first;
            for (int round = 0; round < ROUNDS; round++) {
                SchedulePlan plan = plan(schedule);
                if (acts()) {
                    // Before the status forgets them: an Event is posted once, whoever tries again.
                    plan.late().forEach(this::late);
                }
                ScheduleStatus status = status(schedule, plan);
                if (!store(ref, schedule, status, now)) {
                    return Optional.of(SOON);
                }
                if (!acts()) {
                    announce(schedule, plan);
                    return Optional.of(rest(plan));
                }
                if (!isRefused(plan)) {
                    return Optional.of(rest(plan));
                }
                Optional<Manifest> current = find(ref);
                if (current.isEmpty()) {
                    return Optional.of(SOON);
                }
                schedule = current.get();
            }
            return Optional.of(RETRY);
        }

        private SchedulePlan plan(Manifest schedule) {
            Rules rules = new Rules(
                    ref.name(), phase, began.orElse(Instant.EPOCH), spec.maxStartingGpus(), spec.readyWithin());
            return SchedulePlan.of(
                    rules, selected.services(), demand::of, ScheduleStatus.starting(schedule), refused, now);
        }

        private boolean acts() {
            return !spec.suspend() && !spec.dryRun() && !excluded && !settings.isAudit();
        }

        /** Carries out the plan. Whether the cluster has refused a start that had room. */
        private boolean isRefused(SchedulePlan plan) {
            Instant phaseBegan = began.orElse(Instant.EPOCH);
            for (Candidate service : plan.stops()) {
                if (!refused.contains(service.uid())) {
                    StopMark mark = new StopMark(ref.name(), phaseBegan, now, services.held(service.ref()));
                    boolean unused = isRefused(service, writes.stop(service, mark, until()));
                }
            }
            for (Candidate service : plan.outdated()) {
                StopMark mark = service.mark().orElseThrow().of(phaseBegan);
                boolean unused = isRefused(service, writes.renew(service, mark));
            }
            boolean any = false;
            for (Candidate service : plan.begun()) {
                any |= isRefused(service, writes.start(service, ref, phaseBegan, now));
            }
            return any;
        }

        private boolean isRefused(Candidate service, Written written) {
            again |= written != Written.DONE;
            if (written == Written.REFUSED) {
                refusals.put(service.uid(), now);
                refused.add(service.uid());
            } else {
                refusals.remove(service.uid());
            }
            return written == Written.REFUSED;
        }

        private String until() {
            return next.map(it -> "until " + it.atZone(spec.zone()).toOffsetDateTime())
                    .orElse("without an end in the next 400 days");
        }

        private void late(Starting start) {
            selected.services().stream()
                    .filter(it -> it.uid().equals(start.uid()))
                    .forEach(it -> events.record(
                            it.service(),
                            EventNote.warning(
                                    "StartLate",
                                    "not ready %d min after its start: %s starts others meanwhile"
                                            .formatted(spec.readyWithin().toMinutes(), ref),
                                    start.since())));
        }

        private ScheduleStatus status(Manifest schedule, SchedulePlan plan) {
            List<Candidate> all = selected.services();
            long down = all.stream().filter(Candidate::isStopped).count();
            long released = all.stream()
                    .filter(Candidate::isStopped)
                    .flatMap(it -> it.mark().stream())
                    .filter(it -> it.schedule().equals(ref.name()))
                    .mapToLong(it -> it.gpus().whole())
                    .sum();
            return new ScheduleStatus(
                    ScheduleStatus.generation(schedule),
                    Optional.of(phase),
                    began,
                    next,
                    all.size() - down,
                    down,
                    plan.kept().size(),
                    released,
                    Released.of(schedule).plus(ScheduleStatus.gpusReleased(schedule), now),
                    acts() ? plan.starting() : plan.goingOn(),
                    verdict(plan));
        }

        private Verdict verdict(SchedulePlan plan) {
            if (excluded) {
                return new Verdict(false, Verdict.IGNORED, "Trimtab leaves this namespace alone");
            }
            if (!selected.contested().isEmpty()) {
                String names = String.join(", ", selected.contested().keySet());
                return new Verdict(
                        false,
                        Verdict.OVERLAPS,
                        "neither stops nor starts %s: ServingSchedule %s selects the same"
                                .formatted(
                                        listed(selected.contested().values().stream()
                                                .flatMap(List::stream)
                                                .map(it -> it.name())
                                                .distinct()),
                                        names));
            }
            if (spec.suspend()) {
                return new Verdict(false, Verdict.SUSPENDED, "spec.suspend is true: services stay as they are");
            }
            if (spec.dryRun() || settings.isAudit()) {
                return new Verdict(false, Verdict.DRY_RUN, would(plan));
            }
            if (!calendar.problem().isEmpty()) {
                return new Verdict(false, Verdict.HOLIDAYS_UNREAD, calendar.problem());
            }
            String names = listed(selected.services().stream()
                    .filter(it -> isRefused(it.uid(), RETRY.multipliedBy(2)))
                    .map(it -> it.ref().name()));
            return names.equals(NOBODY)
                    ? new Verdict(true, Verdict.VALID, "")
                    : new Verdict(
                            false,
                            Verdict.REFUSED,
                            "the cluster refuses to stop or start %s: see its Events".formatted(names));
        }

        private String would(SchedulePlan plan) {
            String why = spec.dryRun() ? "spec.dryRun is true" : "the policy's mode is Audit";
            String stops = listed(plan.stops().stream().map(it -> it.ref().name()));
            String starts = listed(Stream.concat(plan.begun().stream(), plan.waiting().stream())
                    .map(it -> it.ref().name()));
            return "%s: would stop %s; would start %s".formatted(why, stops, starts);
        }

        /** What a dry run would do, once for each phase and plan. */
        private void announce(Manifest schedule, SchedulePlan plan) {
            boolean asked = (spec.dryRun() || settings.isAudit()) && !spec.suspend() && !excluded;
            boolean due = !plan.stops().isEmpty()
                    || !plan.begun().isEmpty()
                    || !plan.waiting().isEmpty();
            if (asked && due) {
                events.record(
                        schedule,
                        new EventNote(
                                false, "DryRun", would(plan), began.orElse(Instant.EPOCH), would(plan), Map.of()));
            }
        }

        /** Time until something changes by itself. */
        private Duration rest(SchedulePlan plan) {
            boolean busy = !plan.starting().isEmpty() || !plan.waiting().isEmpty();
            Duration longest = again ? RETRY : busy && acts() ? STARTING : RESYNC;
            Stream<Instant> ends = selected.services().stream()
                    .map(it -> Keep.of(it.service(), now))
                    .flatMap(it -> it instanceof Keep.InForce word ? word.until().stream() : Stream.empty());
            return Stream.concat(next.stream(), ends)
                    .map(it -> Duration.between(clock.instant(), it))
                    .map(it -> it.compareTo(SOON) < 0 ? SOON : it)
                    .filter(it -> it.compareTo(longest) < 0)
                    .min(Comparator.naturalOrder())
                    .orElse(longest);
        }
    }

    /** Starts what a deleted schedule has stopped. Nothing may keep the schedule for long. */
    private final class Farewell {
        private final ScheduleRef ref;
        private final Manifest schedule;
        private final ServingSchedule spec;
        private final Instant now;

        Farewell(ScheduleRef ref, Manifest schedule, ServingSchedule spec, Instant now) {
            this.ref = ref;
            this.schedule = schedule;
            this.spec = spec;
            this.now = now;
        }

        Optional<Duration> run() {
            Instant deleted =
                    Times.read(schedule.metadata().path("deletionTimestamp")).orElse(now);
            boolean acts = !spec.dryRun() && !settings.isAudit() && !services.isExcluded(ref.namespace());
            if (!acts) {
                return letGo(ref, schedule);
            }
            if (now.isAfter(deleted.plus(spec.readyWithin()))) {
                events.record(
                        schedule,
                        EventNote.warning("ScheduleRefused", "not all services could be started in time", deleted));
                return letGo(ref, schedule);
            }
            Rules rules = new Rules(ref.name(), Phase.UP, Instant.EPOCH, spec.maxStartingGpus(), spec.readyWithin());
            SchedulePlan plan = SchedulePlan.of(
                    rules,
                    services.stoppedBy(spec),
                    demand(ref.namespace())::of,
                    ScheduleStatus.starting(schedule),
                    Set.of(),
                    now);
            if (plan.begun().isEmpty() && plan.waiting().isEmpty()) {
                return letGo(ref, schedule);
            }
            if (!store(
                    ref,
                    schedule,
                    ScheduleStatus.leaving(
                            schedule, plan.starting(), plan.waiting().size(), now),
                    now)) {
                return Optional.of(SOON);
            }
            boolean done = true;
            for (Candidate service : plan.begun()) {
                done &= writes.start(service, ref, deleted, now) == Written.DONE;
            }
            return Optional.of(done && plan.waiting().isEmpty() ? SOON : STARTING);
        }
    }

    private StartDemand demand(String namespace) {
        Settings known = settings.snapshot().get();
        Reviewer reviewer = new Reviewer(settings.excludedNamespaces());
        return new StartDemand(
                it -> reviewer.review(it, Optional.empty(), namespace, known).result(),
                known.defaultMode(),
                known.knative().autoscaler(),
                name -> services.claimTemplate(namespace, name));
    }

    /** @param problem why holidays of the calendar are unknown, or empty */
    private record Calendar(UpTime upTime, String problem) {}

    /** Without its calendar, a schedule keeps services up on a holiday: a model too many is better than one too few. */
    private Calendar calendar(ServingSchedule spec) {
        if (spec.holidayCalendar().isEmpty()) {
            return new Calendar(spec.upTime(List.of()), "");
        }
        String key = spec.holidayCalendar().get();
        List<String> text = objects
                .find(ResourceKind.CONFIG_MAP, spec.namespace(), ServingSchedule.HOLIDAYS)
                .map(it -> it.path("data").path(key).textValue())
                .stream()
                .toList();
        UpTime upTime = spec.upTime(text);
        String problem = text.isEmpty()
                ? "ConfigMap %s has no key %s".formatted(ServingSchedule.HOLIDAYS, key)
                : String.join("; ", upTime.holidays().problems());
        return new Calendar(
                upTime, problem.isEmpty() ? "" : "acts without the holidays of %s: %s".formatted(key, problem));
    }

    private boolean store(ScheduleRef ref, Manifest schedule, ScheduleStatus status, Instant now) {
        if (leads.getAsBoolean()) {
            metrics.seen(ref, status);
        }
        Optional<ArrayNode> patch = status.patch(schedule, now);
        return patch.isEmpty()
                || written(() ->
                        objects.patchStatus(ResourceKind.SERVING_SCHEDULE, ref.namespace(), ref.name(), patch.get()));
    }

    private Optional<Duration> letGo(ScheduleRef ref, Manifest schedule) {
        metrics.forget(ref);
        if (!FinalizerPatch.of(schedule).has(FINALIZER)) {
            return Optional.empty();
        }
        return write(schedule, FinalizerPatch.of(schedule).remove(FINALIZER)) ? Optional.empty() : Optional.of(SOON);
    }

    private boolean write(Manifest schedule, ArrayNode patch) {
        return written(() -> objects.patch(
                ResourceKind.SERVING_SCHEDULE, schedule.namespace(), schedule.name(), patch, RawClient.FIELD_MANAGER));
    }

    /** False if somebody has written the schedule meanwhile. */
    private static boolean written(Runnable write) {
        try {
            write.run();
            return true;
        } catch (KubernetesClientException problem) {
            Optional<String> refused = ApiProblem.refusal(problem, () -> true);
            if (refused.isPresent()) {
                throw problem;
            }
            return false;
        }
    }

    private static Instant created(Manifest schedule) {
        return Times.read(schedule.metadata().path("creationTimestamp")).orElse(Instant.EPOCH);
    }

    private static final int LISTED = 10;
    private static final String NOBODY = "none";

    /** The first names, and how many more. */
    private static String listed(Stream<String> names) {
        List<String> all = names.sorted().toList();
        if (all.isEmpty()) {
            return NOBODY;
        }
        String more = all.size() > LISTED ? " and %d more".formatted(all.size() - LISTED) : "";
        return String.join(", ", all.subList(0, Math.min(LISTED, all.size()))) + more;
    }
}

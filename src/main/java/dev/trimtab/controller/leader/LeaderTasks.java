package dev.trimtab.controller.leader;

import dev.trimtab.cluster.InvalidConfigMaps.Invalid;
import dev.trimtab.controller.ControllerSettings;
import dev.trimtab.controller.WorkQueue;
import dev.trimtab.controller.autoscalers.ConflictReconciler;
import dev.trimtab.controller.certificates.CertificateReconciler;
import dev.trimtab.controller.revisions.RevisionReconciler;
import dev.trimtab.controller.scan.ScanMetrics;
import dev.trimtab.controller.scan.ServiceScan;
import dev.trimtab.controller.schedule.ScheduleMetrics;
import dev.trimtab.controller.schedule.ScheduleReconciler;
import dev.trimtab.controller.schedule.ScheduleWatch;
import dev.trimtab.controller.stop.ChildWatches;
import dev.trimtab.controller.stop.ServiceReader;
import dev.trimtab.controller.stop.ServiceReconciler;
import dev.trimtab.controller.stop.StoppedServices;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.EventRecorder.EventNote;
import dev.trimtab.kube.RawClient;
import dev.trimtab.kube.ResourceWatch;
import dev.trimtab.kube.ResourceWatch.Selection;
import dev.trimtab.lifecycle.Conditions;
import dev.trimtab.lifecycle.ServiceHistory;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.lifecycle.StoppedStatus;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Policy.Lifecycle;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

final class LeaderTasks implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LeaderTasks.class);

    /** Interval between two checks of the policy, which is in memory. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** Delay that makes one reconcile of several events. */
    private static final Duration MANY_EVENTS = Duration.ofMillis(200);

    private final KubernetesClient client;
    private final ControllerSettings settings;
    private final StoppedServices stopped;
    private final ScanMetrics scanned;
    private final ScheduleMetrics scheduled;
    private final Counter repaired;
    private final Runnable removeLeader;
    private final Clock clock;
    private final String namespace;
    private final boolean ownCertificates;
    private final Leadership leadership;
    private final List<ResourceWatch<GenericKubernetesResource>> watches = new ArrayList<>();
    private Optional<StopPolicy> policy = Optional.empty();
    private volatile Optional<ChildWatches> children = Optional.empty();
    private volatile Optional<ScheduleWatch> schedules = Optional.empty();
    private final AtomicInteger term = new AtomicInteger();
    private volatile boolean leading;
    private WorkQueue<ServiceRef> queue;

    LeaderTasks(
            KubernetesClient client,
            ControllerSettings settings,
            MeterRegistry metrics,
            Clock clock,
            String namespace,
            boolean ownCertificates,
            String identity,
            Leadership.Timing timing) {
        this.client = client;
        this.settings = settings;
        this.stopped = new StoppedServices(metrics);
        this.scanned = new ScanMetrics(metrics);
        this.scheduled = new ScheduleMetrics(metrics);
        this.repaired = Counter.builder("trimtab.revisions.repaired")
                .description("Revisions whose scale annotations were moved to what config-autoscaler allows now")
                .register(metrics);
        Gauge leader = Gauge.builder("trimtab.leader", this, it -> it.isLeading() ? 1 : 0)
                .description("1 on the replica of the controller that acts, 0 on the others")
                .register(metrics);
        this.removeLeader = () -> metrics.remove(leader);
        this.clock = clock;
        this.namespace = namespace;
        this.ownCertificates = ownCertificates;
        this.leadership = new Leadership(client, namespace, identity, timing, this::lead, this::stepDown);
    }

    void start() {
        leadership.start();
    }

    boolean isLeading() {
        return leading && leadership.isHeld();
    }

    private synchronized void lead() {
        LOG.info("leading: stops and starts are carried out here");
        leading = true;
        // A reconcile of an earlier term may still run. It must write nothing in this term.
        int mine = term.incrementAndGet();
        BooleanSupplier leads = () -> isLeading() && term.get() == mine;
        RawClient objects = new RawClient(client, leads);
        EventRecorder events = new EventRecorder(objects, clock);
        ServiceReconciler reconciler = ServiceReconciler.of(
                objects, settings, stopped, events, clock, leads, () -> children.map(ChildWatches::isAllowed)
                        .orElse(false));
        WorkQueue<ServiceRef> work = new WorkQueue<>(reconciler::reconcile, WorkQueue.threads());
        ServiceReader observer = new ServiceReader(objects, settings, clock);
        work.attempt("what is held", () -> observer.allHeld().forEach(work::add));
        // The status of a starting service does not show that it starts.
        work.attempt(
                "what was stopped or started lately", () -> Stream.of(ServiceHistory.STOPPING, ServiceHistory.STARTING)
                        .flatMap(reason -> events.history(reason).stream())
                        .flatMap(event -> ServiceHistory.serviceOf(event).stream())
                        .distinct()
                        .forEach(work::add));
        repeat(work, objects, events, leads);
        schedules = Optional.of(
                new ScheduleWatch(client, new ScheduleReconciler(objects, settings, events, scheduled, clock, leads)));
        schedules.get().start();
        for (Stoppable kind : Stoppable.values()) {
            watches.add(watch(kind, work, reconciler));
        }
        queue = work;
        children = Optional.of(new ChildWatches(client, stopped::awaitsEvents, it -> work.add(it, MANY_EVENTS)));
        children.get().start();
        watches.forEach(watch -> watch.start());
    }

    /** What is looked at from time to time. */
    private void repeat(WorkQueue<ServiceRef> work, RawClient objects, EventRecorder events, BooleanSupplier leads) {
        RevisionReconciler revisions = new RevisionReconciler(objects, settings, events, repaired, clock);
        work.every(RevisionReconciler.PAUSE, "Revisions that Knative refuses", revisions::reconcile);
        ConflictReconciler conflicts = new ConflictReconciler(objects, settings, events, clock);
        work.every(ConflictReconciler.PAUSE, "conflicts of PodAutoscalers", conflicts::reconcile);
        InvalidPolicyEvents invalid = new InvalidPolicyEvents(settings, events);
        work.every(InvalidPolicyEvents.PAUSE, "policies that are invalid", invalid::look);
        ServiceScan scan = new ServiceScan(objects, settings, scanned, clock, leads);
        work.every(ServiceScan.PAUSE, "how many services are filled", scan::reconcile);
        if (ownCertificates) {
            work.every(
                    CertificateReconciler.PAUSE,
                    "the webhook's certificate",
                    new CertificateReconciler(objects, events, clock, namespace)::reconcile);
        }
        work.every(PAUSE, "the policy for stops", () -> followPolicy(work));
    }

    /** A running reconcile ends at its next write. */
    private synchronized void stepDown() {
        leading = false;
        watches.forEach(ResourceWatch::close);
        watches.clear();
        children.ifPresent(ChildWatches::close);
        children = Optional.empty();
        schedules.ifPresent(ScheduleWatch::close);
        schedules = Optional.empty();
        if (queue != null) {
            LOG.info("not leading any more");
            queue.close();
            queue = null;
        }
        stopped.clear();
        scanned.clear();
        scheduled.clear();
    }

    private ResourceWatch<GenericKubernetesResource> watch(
            Stoppable kind, WorkQueue<ServiceRef> queue, ServiceReconciler reconciler) {
        return ResourceWatch.raw(
                client,
                kind.resource(),
                Selection.ALL,
                kind.kindName() + "s to stop and start",
                it -> take(kind, it, queue, reconciler),
                it -> {
                    queue.add(new ServiceRef(kind, it.namespace(), it.name()));
                    cascade(it.namespace(), queue);
                    schedules.ifPresent(all -> all.serviceChanged(it.namespace()));
                });
    }

    /** Requeues a service only if a stop or start may concern it. */
    private void take(Stoppable kind, Manifest service, WorkQueue<ServiceRef> queue, ServiceReconciler reconciler) {
        ServiceRef ref = new ServiceRef(kind, service.namespace(), service.name());
        boolean concerns = kind == Stoppable.INFERENCE_GRAPH
                || StopAnnotation.isStopped(service)
                || new Conditions(service).isStopped()
                || StoppedStatus.hasTraces(kind, service)
                || stopped.find(ref).isPresent()
                || reconciler.isStarting(ref);
        if (concerns) {
            queue.add(ref);
        }
        cascade(ref.namespace(), queue);
        schedules.ifPresent(it -> it.serviceChanged(ref.namespace()));
    }

    /** Graphs that were stopped lately may have to stop a new service, or one that no other graph needs now. */
    private void cascade(String namespace, WorkQueue<ServiceRef> queue) {
        stopped.graphsStoppedLately(namespace, clock.instant()).forEach(it -> queue.add(it, MANY_EVENTS));
    }

    /** Requeues all stopped services if the policy for stops has changed. */
    private void followPolicy(WorkQueue<ServiceRef> queue) {
        StopPolicy now = new StopPolicy(settings.lifecycle(), settings.isAudit());
        if (policy.filter(now::equals).isEmpty()) {
            policy = Optional.of(now);
            stopped.all().forEach(queue::add);
        }
    }

    private record StopPolicy(Lifecycle lifecycle, boolean audit) {}

    @Override
    public void close() {
        leadership.close();
        stepDown();
        stopped.close();
        scanned.close();
        scheduled.close();
        removeLeader.run();
    }

    /**
     * Posts an Event on each invalid ConfigMap, with what is in force instead. Only the leader does: one Event is
     * enough, and the webhook's account may write nothing.
     */
    static final class InvalidPolicyEvents {
        /** Interval between two checks, which read memory only. */
        static final Duration PAUSE = Duration.ofSeconds(2);

        private final ControllerSettings settings;
        private final EventRecorder events;

        InvalidPolicyEvents(ControllerSettings settings, EventRecorder events) {
            this.settings = settings;
            this.events = events;
        }

        /** One Event for each version of a ConfigMap. The Event's name keeps another leader from posting it again. */
        void look() {
            for (Invalid invalid : settings.invalid().get()) {
                Manifest map = invalid.map();
                String version = map.metadata().path("resourceVersion").asText("");
                events.record(
                        map, new EventNote(true, "PolicyInvalid", invalid.message(), created(map), version, Map.of()));
            }
        }

        private static Instant created(Manifest map) {
            String timestamp = map.metadata().path("creationTimestamp").asText("");
            return timestamp.isEmpty() ? Instant.EPOCH : Instant.parse(timestamp);
        }
    }
}

package dev.trimtab.controller;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cluster.KindWatch;
import dev.trimtab.cluster.Workloads;
import dev.trimtab.lifecycle.Conditions;
import dev.trimtab.lifecycle.ServiceHistory;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.lifecycle.StoppedStatus;
import dev.trimtab.manifest.Manifest;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.cache.ReducedStateItemStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Acts while this process leads: follows all services, and looks at each that is, or was, stopped. */
final class Controller implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Controller.class);
    private static final JsonMapper JSON = new JsonMapper();

    private final KubernetesClient client;
    private final Rulebook rulebook;
    private final StoppedServices stopped;
    private final Counter repaired;
    private final Clock clock;
    private final Leadership leadership;
    private final List<KindWatch<GenericKubernetesResource>> watches = new ArrayList<>();
    private final AtomicInteger term = new AtomicInteger();
    private volatile boolean leading;
    private PassQueue queue;

    Controller(
            KubernetesClient client,
            Rulebook rulebook,
            MeterRegistry metrics,
            Clock clock,
            String namespace,
            String identity,
            Leadership.Timing timing) {
        this.client = client;
        this.rulebook = rulebook;
        this.stopped = new StoppedServices(metrics);
        this.repaired = Counter.builder("trimtab.revisions.repaired")
                .description("Revisions whose scale annotations were moved to what config-autoscaler allows now")
                .register(metrics);
        this.clock = clock;
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
        // A pass of an earlier term may run still, and is to write nothing in this one.
        int mine = term.incrementAndGet();
        BooleanSupplier leads = () -> isLeading() && term.get() == mine;
        Objects objects = new Objects(client, leads);
        Announcer announcer = new Announcer(objects, clock);
        ServicePass pass = ServicePass.of(objects, rulebook, stopped, announcer, clock, leads);
        PassQueue passes = new PassQueue(pass::run, PassQueue.threads());
        Survey survey = new Survey(objects, rulebook, clock);
        passes.attempt("what is held", () -> survey.allHeld().forEach(passes::add));
        // What may be starting does not show it.
        passes.attempt(
                "what was stopped or started lately", () -> Stream.of(ServiceHistory.STOPPING, ServiceHistory.STARTING)
                        .flatMap(reason -> announcer.history(reason).stream())
                        .flatMap(event -> ServiceHistory.serviceOf(event).stream())
                        .distinct()
                        .forEach(passes::add));
        RevisionUpkeep revisions = new RevisionUpkeep(objects, rulebook, announcer, repaired, clock);
        passes.every(RevisionUpkeep.PAUSE, "Revisions that Knative refuses", revisions::look);
        AutoscalerConflicts conflicts = new AutoscalerConflicts(objects, rulebook, announcer, clock);
        passes.every(AutoscalerConflicts.PAUSE, "conflicts of PodAutoscalers", conflicts::look);
        InvalidPolicies invalid = new InvalidPolicies(rulebook, announcer);
        passes.every(InvalidPolicies.PAUSE, "policies that are invalid", invalid::look);
        for (Stoppable kind : Stoppable.values()) {
            watches.add(watch(kind, passes));
        }
        queue = passes;
        watches.forEach(watch -> watch.start());
    }

    /** What runs now stops at its next write. */
    private synchronized void stepDown() {
        leading = false;
        watches.forEach(KindWatch::close);
        watches.clear();
        if (queue != null) {
            LOG.info("not leading any more");
            queue.close();
            queue = null;
        }
        stopped.clear();
    }

    private KindWatch<GenericKubernetesResource> watch(Stoppable kind, PassQueue passes) {
        return new KindWatch<>(
                client.genericKubernetesResources(Workloads.definition(kind)).inAnyNamespace(),
                kind.kindName() + "s to stop and start",
                it -> it.getMetadata().getResourceVersion(),
                it -> take(kind, it, passes),
                it -> passes.add(ref(kind, it)),
                new ReducedStateItemStore<>(
                        ReducedStateItemStore.NAME_KEY_STATE,
                        GenericKubernetesResource.class,
                        client.getKubernetesSerialization()));
    }

    /** Most services are not stopped, and were not a moment ago: nothing to look at. */
    private void take(Stoppable kind, GenericKubernetesResource object, PassQueue passes) {
        ServiceRef ref = ref(kind, object);
        ObjectNode json = JSON.valueToTree(object);
        Manifest service = new Manifest(json);
        boolean concerns = kind == Stoppable.INFERENCE_GRAPH
                || StopAnnotation.isStopped(service)
                || new Conditions(service).isStopped()
                || StoppedStatus.hasTraces(kind, service)
                || stopped.find(ref).isPresent();
        if (concerns) {
            passes.add(ref);
        }
    }

    private static ServiceRef ref(Stoppable kind, GenericKubernetesResource object) {
        return new ServiceRef(
                kind, object.getMetadata().getNamespace(), object.getMetadata().getName());
    }

    @Override
    public void close() {
        leadership.close();
        stepDown();
    }
}

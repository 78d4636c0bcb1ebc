package dev.trimtab.controller.leader;

import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.controller.ControllerSettings;
import dev.trimtab.controller.autoscalers.ConflictReconciler;
import dev.trimtab.controller.schedule.ScheduleMetrics;
import dev.trimtab.controller.schedule.ScheduleReconciler;
import dev.trimtab.controller.stop.ServiceReconciler;
import dev.trimtab.controller.stop.StoppedServices;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.RawClient;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.Policy.Lifecycle;
import dev.trimtab.rules.Facts.ClusterFacts;
import dev.trimtab.schedule.ScheduleRef;
import dev.trimtab.snapshot.Settings;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;

/** The controller as the application puts it to work, for tests of other packages; or one pass of it at a time. */
public final class RunningController implements AutoCloseable {
    private final LeaderTasks controller;

    private RunningController(LeaderTasks controller) {
        this.controller = controller;
    }

    /** What a test decides about it. */
    public record Setup(
            KubernetesClient client,
            Lifecycle policy,
            Supplier<KnativeConfig> knative,
            BiPredicate<Stoppable, DeploymentMode> nativeStop,
            MeterRegistry metrics) {
        private ControllerSettings settings() {
            Policy usual = Policy.BUILT_IN;
            Policy with = new Policy(
                    usual.mode(),
                    usual.conflicts(),
                    usual.scaling(),
                    usual.timeoutsFactor(),
                    usual.gpu(),
                    usual.pinDefaults(),
                    usual.namespaceProfiles(),
                    policy,
                    usual.aibrix(),
                    usual.defaultDeploymentMode(),
                    usual.profiles());
            return settings(() -> with, () -> Optional.of(ClusterView.UNKNOWN));
        }

        private ControllerSettings settings(Supplier<Policy> policy, Supplier<Optional<ClusterView>> autoscaling) {
            return new ControllerSettings(
                    policy,
                    knative,
                    autoscaling,
                    () -> DeploymentMode.KNATIVE,
                    nativeStop,
                    List::of,
                    () -> new Settings(policy.get(), knative.get(), ClusterFacts.NONE),
                    Set.of("kube-system", "trimtab"));
        }

        /** Takes part in the election. */
        public RunningController start() {
            Leadership.Timing quick =
                    new Leadership.Timing(Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofMillis(200));
            LeaderTasks controller = new LeaderTasks(
                    client,
                    settings(),
                    metrics,
                    Clock.systemUTC(),
                    "trimtab",
                    false,
                    "test_" + UUID.randomUUID(),
                    quick);
            controller.start();
            return new RunningController(controller);
        }

        /** One that looks at a service when it is told to. */
        public Reconciler reconciler() {
            return reconciler(Clock.systemUTC());
        }

        /** One that looks for conflicts of PodAutoscalers when it is told to, and remembers what a new leader would. */
        public Runnable conflicts(Supplier<Policy> policy, Supplier<Optional<ClusterView>> autoscaling, Clock clock) {
            RawClient objects = new RawClient(client);
            return new ConflictReconciler(
                    objects, settings(policy, autoscaling), new EventRecorder(objects, clock), clock)::reconcile;
        }

        /** One pass of a schedule at a time; each call makes a controller that remembers nothing. */
        public Function<ScheduleRef, Optional<Duration>> schedules(Clock clock) {
            RawClient objects = new RawClient(client);
            return new ScheduleReconciler(
                    objects,
                    settings(),
                    new EventRecorder(objects, clock),
                    new ScheduleMetrics(metrics),
                    clock,
                    () -> true)::reconcile;
        }

        public Reconciler reconciler(Clock clock) {
            RawClient objects = new RawClient(client);
            ServiceReconciler reconciler = ServiceReconciler.of(
                    objects,
                    settings(),
                    new StoppedServices(metrics),
                    new EventRecorder(objects, clock),
                    clock,
                    () -> true,
                    () -> true);
            return reconciler::reconcile;
        }
    }

    /** One pass at a time. */
    public interface Reconciler {
        Optional<Duration> reconcile(ServiceRef ref);
    }

    public boolean isLeading() {
        return controller.isLeading();
    }

    @Override
    public void close() {
        controller.close();
    }
}

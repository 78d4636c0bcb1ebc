package dev.trimtab.controller;

import dev.trimtab.aibrix.Surroundings;
import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.policy.Lifecycle;
import dev.trimtab.policy.Policy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/** The controller as the application puts it to work, for tests of other packages; or one pass of it at a time. */
public final class RunningController implements AutoCloseable {
    private final Controller controller;

    private RunningController(Controller controller) {
        this.controller = controller;
    }

    /** What a test decides about it. */
    public record Setup(
            KubernetesClient client,
            Lifecycle policy,
            Supplier<KnativeConfig> knative,
            BiPredicate<Stoppable, DeploymentMode> nativeStop,
            MeterRegistry metrics) {
        private Rulebook rulebook() {
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
            return rulebook(() -> with, () -> Optional.of(Surroundings.UNKNOWN));
        }

        private Rulebook rulebook(Supplier<Policy> policy, Supplier<Optional<Surroundings>> autoscaling) {
            return new Rulebook(
                    policy,
                    knative,
                    autoscaling,
                    () -> DeploymentMode.KNATIVE,
                    nativeStop,
                    List::of,
                    Set.of("kube-system", "trimtab"));
        }

        /** Takes part in the election. */
        public RunningController start() {
            Leadership.Timing quick =
                    new Leadership.Timing(Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofMillis(200));
            Controller controller = new Controller(
                    client, rulebook(), metrics, Clock.systemUTC(), "trimtab", "test_" + UUID.randomUUID(), quick);
            controller.start();
            return new RunningController(controller);
        }

        /** One that looks at a service when it is told to. */
        public Passes passes() {
            return passes(Clock.systemUTC());
        }

        /** One that looks for conflicts of PodAutoscalers when it is told to, and remembers what a new leader would. */
        public Runnable conflicts(Supplier<Policy> policy, Supplier<Optional<Surroundings>> autoscaling, Clock clock) {
            Objects objects = new Objects(client);
            return new AutoscalerConflicts(objects, rulebook(policy, autoscaling), new Announcer(objects, clock), clock)
                    ::look;
        }

        public Passes passes(Clock clock) {
            Objects objects = new Objects(client);
            ServicePass pass = ServicePass.of(
                    objects,
                    rulebook(),
                    new StoppedServices(metrics),
                    new Announcer(objects, clock),
                    clock,
                    () -> true);
            return pass::run;
        }
    }

    /** One pass at a time. */
    public interface Passes {
        Optional<Duration> run(ServiceRef ref);
    }

    public boolean isLeading() {
        return controller.isLeading();
    }

    @Override
    public void close() {
        controller.close();
    }
}

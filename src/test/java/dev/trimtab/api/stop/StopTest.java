package dev.trimtab.api.stop;

import dev.trimtab.api.cluster.Account;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.fakes.FakeKserveController;
import dev.trimtab.api.fakes.PlayedCluster;
import dev.trimtab.controller.leader.RunningController;
import dev.trimtab.policy.Policy.Lifecycle;
import dev.trimtab.policy.Policy.NativeStop;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of the controller share: everything is closed in the end. */
public abstract class StopTest extends ApiTest {
    /** Shorter than anybody would have it, for tests to be quick. */
    public static final Lifecycle POLICY =
            new Lifecycle(Duration.ofSeconds(2), Duration.ofSeconds(3), NativeStop.AUTO, Duration.ofMinutes(2));

    final MeterRegistry registry = new SimpleMeterRegistry();
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void removeServices() {
        cluster.removeServices();
    }

    @AfterEach
    void closeAll() throws Exception {
        // The last first: who plays KServe, before what it needs.
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    <T extends AutoCloseable> T closeLast(T closeable) {
        open.add(closeable);
        return closeable;
    }

    /** A controller that takes part in the election. */
    RunningController controller(Lifecycle policy) {
        return closeLast(setup(policy).start());
    }

    /** As Trimtab's own ServiceAccount, and with what the webhook's watches know. */
    RunningController.Setup setup(Lifecycle policy) {
        return setup(policy, closeLast(trimtabClient()));
    }

    RunningController.Setup setup(Lifecycle policy, KubernetesClient client) {
        return new RunningController.Setup(
                client,
                policy,
                () -> settings.get().knative(),
                (kind, mode) -> settings.get()
                        .services()
                        .isStopNative(kind, mode, settings.get().defaultMode(), policy.nativeStop()),
                registry);
    }

    KubernetesClient trimtabClient(Interceptor... interceptors) {
        return Account.CONTROLLER.client(cluster.admin, interceptors);
    }

    /** A service in a namespace of its own, with KServe at work there. */
    Scene scene(Sample sample, FakeKserveController.Release release) {
        String own = cluster.newNamespace(Map.of());
        PlayedCluster played = closeLast(new PlayedCluster(cluster.kserve.api(), own, release));
        return new Scene(cluster, own, sample, played);
    }
}

package dev.trimtab.controller.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.controller.ControllerSettings;
import dev.trimtab.controller.MemoryCluster;
import dev.trimtab.knative.config.ConfigMapProblem;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.kube.RawClient;
import dev.trimtab.policy.Policy;
import dev.trimtab.rules.Facts.ClusterFacts;
import dev.trimtab.snapshot.Settings;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When the leader scans, and what it counts. */
class ServiceScanTest {
    private static final String SERVICE = """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: %s, namespace: %s, uid: %1$s, annotations: {%s}}
            spec:
              template:
                metadata: {annotations: {%s}}
                spec: {containers: [{image: example/llm:1}]}
            """;

    private final MemoryCluster cluster = new MemoryCluster();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ScanMetrics metrics = new ScanMetrics(registry);
    private KnativeConfig knative = KnativeConfig.DEFAULTS;
    private Policy policy = Policy.BUILT_IN;
    private boolean leads = true;
    private ServiceScan scan;

    @BeforeEach
    void begin() {
        namespace("ml", "");
        scan = new ServiceScan(
                new RawClient(cluster.client),
                new ControllerSettings(
                        () -> policy,
                        () -> knative,
                        () -> Optional.of(ClusterView.UNKNOWN),
                        () -> DeploymentMode.KNATIVE,
                        (kind, mode) -> false,
                        List::of,
                        () -> new Settings(policy, knative, ClusterFacts.NONE),
                        Set.of("kube-system")),
                metrics,
                cluster.clock,
                () -> leads);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    @DisplayName("each object is counted once, by what a refresh would do; ignored namespaces are skipped")
    void states() throws ConfigMapProblem {
        namespace("ignored", "trimtab.dev/ignore: \"true\"");
        service("one", "ml", "", "");
        service("two", "ml", "trimtab.dev/filled: '{\"filled\": {\"/spec/template/spec/timeoutSeconds\": 7}}'", "");
        service("three", "ml", "", "autoscaling.knative.dev/max-scale: \"50\"");
        service("four", "ignored", "", "");
        service("five", "kube-system", "", "");
        knative = knative.withConfigMap("config-autoscaler", Map.of("max-scale-limit", "10", "max-scale", "5"));

        scan.reconcile();

        assertThat(count("Service", "unrecorded")).isEqualTo(1);
        assertThat(count("Service", "recorded")).isEqualTo(1);
        assertThat(count("Service", "illegal")).isEqualTo(1);
        assertThat(count("Service", "skipped")).isEqualTo(2);
        assertThat(count("Service", "current")).isZero();
        assertThat(count("InferenceService", "unrecorded")).isZero();
        assertThat(registry.find("trimtab.services").gauges()).hasSize(20);
        assertThat(scannedAt()).isEqualTo(cluster.clock.instant().getEpochSecond());
        assertThat(cluster.writes()).isEmpty();
    }

    @Test
    @DisplayName("at once, then every ten minutes; after a change of the policy a minute later at most")
    void when() {
        scan.reconcile();
        service("one", "ml", "", "");
        cluster.clock.move(Duration.ofMinutes(9));
        scan.reconcile();
        assertThat(count("Service", "unrecorded")).isZero();
        cluster.clock.move(Duration.ofMinutes(1));
        scan.reconcile();
        assertThat(count("Service", "unrecorded")).isEqualTo(1);

        service("two", "ml", "", "");
        policy = policy.withMode(Policy.Mode.AUDIT);
        cluster.clock.move(Duration.ofSeconds(59));
        scan.reconcile();
        assertThat(count("Service", "unrecorded")).isEqualTo(1);
        cluster.clock.move(Duration.ofSeconds(1));
        scan.reconcile();
        assertThat(count("Service", "unrecorded")).isEqualTo(2);
    }

    @Test
    @DisplayName("the API server is away: the old numbers stay with their time, and the next try is a minute later")
    void away() {
        service("one", "ml", "", "");
        scan.reconcile();
        long first = scannedAt();
        cluster.refuse(request -> request.is("GET", "services"), 503, "not now");
        cluster.clock.move(Duration.ofMinutes(10));
        assertThatThrownBy(() -> scan.reconcile()).isInstanceOf(KubernetesClientException.class);
        cluster.clock.move(Duration.ofSeconds(30));
        scan.reconcile();
        assertThat(scannedAt()).isEqualTo(first);
        assertThat(count("Service", "unrecorded")).isEqualTo(1);

        cluster.refuseNothing();
        cluster.clock.move(Duration.ofSeconds(30));
        scan.reconcile();
        assertThat(scannedAt()).isEqualTo(first + 660);
    }

    @Test
    @DisplayName("who does not lead any more counts nothing, and has no numbers left")
    void notLeading() {
        service("one", "ml", "", "");
        leads = false;
        scan.reconcile();
        assertThat(registry.find("trimtab.services").gauges()).isEmpty();
        leads = true;
        cluster.clock.move(Duration.ofMinutes(1));
        scan.reconcile();
        assertThat(count("Service", "unrecorded")).isEqualTo(1);
        metrics.clear();
        assertThat(registry.find("trimtab.services").gauges()).isEmpty();
        assertThat(scannedAt()).isZero();
        metrics.close();
        assertThat(registry.getMeters()).isEmpty();
    }

    private void namespace(String name, String labels) {
        cluster.create(
                "namespaces",
                "{apiVersion: v1, kind: Namespace, metadata: {name: %s, labels: {%s}}}".formatted(name, labels));
    }

    private void service(String name, String namespace, String annotations, String ofTemplate) {
        cluster.create("services", SERVICE.formatted(name, namespace, annotations, ofTemplate));
    }

    private double count(String kind, String state) {
        Gauge gauge = registry.get("trimtab.services")
                .tag("kind", kind)
                .tag("state", state)
                .gauge();
        return gauge.value();
    }

    private long scannedAt() {
        return (long) registry.get("trimtab.scan.timestamp.seconds").gauge().value();
    }
}

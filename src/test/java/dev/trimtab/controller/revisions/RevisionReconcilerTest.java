package dev.trimtab.controller.revisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.controller.ControllerSettings;
import dev.trimtab.controller.MemoryCluster;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.knative.config.ConfigMapProblem;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.RawClient;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.rules.Facts.ClusterFacts;
import dev.trimtab.snapshot.Settings;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.Counter;
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

/** When Revisions are looked at: at once after config-autoscaler changed, and every ten minutes. */
class RevisionReconcilerTest {
    private final MemoryCluster cluster = new MemoryCluster();
    private final Counter repaired = new SimpleMeterRegistry().counter("repaired");
    private KnativeConfig knative = KnativeConfig.DEFAULTS;
    private Policy policy = Policy.BUILT_IN;
    private RevisionReconciler reconciler;

    @BeforeEach
    void begin() {
        cluster.create("namespaces", "{apiVersion: v1, kind: Namespace, metadata: {name: ml}}");
        RawClient objects = new RawClient(cluster.client);
        reconciler = new RevisionReconciler(
                objects,
                new ControllerSettings(
                        () -> policy,
                        () -> knative,
                        () -> Optional.of(ClusterView.UNKNOWN),
                        () -> DeploymentMode.KNATIVE,
                        (kind, mode) -> false,
                        List::of,
                        () -> new Settings(policy, knative, ClusterFacts.NONE),
                        Set.of("kube-system")),
                new EventRecorder(objects, cluster.clock),
                repaired,
                cluster.clock);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    @DisplayName(
            "repaired as soon as the cluster is tightened, with one Event; not looked at again before ten minutes are over")
    void tightened() {
        revision("one", "ml", "");
        reconciler.reconcile();
        assertThat(cluster.writes()).isEmpty();

        knative = limit(5);
        reconciler.reconcile();
        assertThat(cluster.writes()).containsExactly("PATCH revisions/one");
        assertThat(maxScale("one")).isEqualTo("5");
        assertThat(cluster.said("one")).containsExactly("RevisionRepaired");
        assertThat(repaired.count()).isEqualTo(1);

        revision("late", "ml", "");
        cluster.clock.move(Duration.ofMinutes(9));
        reconciler.reconcile();
        assertThat(cluster.writes()).isEmpty();
        cluster.clock.move(Duration.ofMinutes(1));
        reconciler.reconcile();
        assertThat(cluster.writes()).containsExactly("PATCH revisions/late");
    }

    @Test
    @DisplayName("the API server is away: looked at again at the next look, not ten minutes later")
    void away() {
        revision("one", "ml", "");
        knative = limit(5);
        cluster.refuse(request -> request.is("GET", "revisions"), 503, "not now");
        assertThatThrownBy(() -> reconciler.reconcile()).isInstanceOf(KubernetesClientException.class);
        cluster.refuseNothing();
        reconciler.reconcile();
        assertThat(maxScale("one")).isEqualTo("5");
    }

    @Test
    @DisplayName("refused: said once, whatever the moment")
    void refused() {
        revision("one", "ml", "");
        knative = limit(5);
        cluster.refuse(request -> request.isWrite() && request.path().contains("/revisions/"), 403, "no");
        reconciler.reconcile();
        cluster.clock.move(Duration.ofMinutes(11));
        reconciler.reconcile();
        assertThat(cluster.said("one")).containsExactly("RevisionRefused");
        assertThat(repaired.count()).isZero();
    }

    @Test
    @DisplayName("mode Audit, the label trimtab.dev/ignore and the namespaces of the platform: left as they are")
    void leftAlone() {
        revision("one", "ml", "");
        revision("ignored", "ml", "labels: {trimtab.dev/ignore: \"true\"}, ");
        revision("platform", "kube-system", "");
        knative = limit(5);
        Policy enforce = policy;
        policy = new Policy(
                Mode.AUDIT,
                enforce.conflicts(),
                enforce.scaling(),
                enforce.timeoutsFactor(),
                enforce.gpu(),
                enforce.pinDefaults(),
                enforce.namespaceProfiles(),
                enforce.lifecycle(),
                enforce.aibrix(),
                enforce.defaultDeploymentMode(),
                enforce.profiles());
        reconciler.reconcile();
        assertThat(cluster.writes()).isEmpty();
        policy = enforce;
        reconciler.reconcile();
        assertThat(cluster.writes()).as("Audit is over").containsExactly("PATCH revisions/one");
    }

    private void revision(String name, String namespace, String labels) {
        cluster.create("revisions", """
                apiVersion: serving.knative.dev/v1
                kind: Revision
                metadata: {%sname: %s, namespace: %s, annotations: {autoscaling.knative.dev/max-scale: "10"}}
                """.formatted(labels, name, namespace));
    }

    private String maxScale(String name) {
        return cluster.find("serving.knative.dev", "revisions", "ml", name)
                .orElseThrow()
                .at("/metadata/annotations")
                .path("autoscaling.knative.dev/max-scale")
                .asText();
    }

    private static KnativeConfig limit(int max) {
        try {
            return KnativeConfig.DEFAULTS.withAutoscaler(AutoscalerConfig.parse(
                    Map.of("max-scale", Integer.toString(max), "max-scale-limit", Integer.toString(max))));
        } catch (ConfigMapProblem e) {
            throw new AssertionError(e);
        }
    }
}

package dev.trimtab.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trimtab.aibrix.Surroundings;
import dev.trimtab.knative.AutoscalerConfig;
import dev.trimtab.knative.ConfigMapProblem;
import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.policy.Mode;
import dev.trimtab.policy.Policy;
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
class RevisionUpkeepTest {
    private final MemoryCluster cluster = new MemoryCluster();
    private final Counter repaired = new SimpleMeterRegistry().counter("repaired");
    private KnativeConfig knative = KnativeConfig.DEFAULTS;
    private Policy policy = Policy.BUILT_IN;
    private RevisionUpkeep upkeep;

    @BeforeEach
    void begin() {
        cluster.create("namespaces", "{apiVersion: v1, kind: Namespace, metadata: {name: ml}}");
        Objects objects = new Objects(cluster.client);
        upkeep = new RevisionUpkeep(
                objects,
                new Rulebook(
                        () -> policy,
                        () -> knative,
                        () -> Optional.of(Surroundings.UNKNOWN),
                        () -> DeploymentMode.KNATIVE,
                        (kind, mode) -> false,
                        List::of,
                        Set.of("kube-system")),
                new Announcer(objects, cluster.clock),
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
        upkeep.look();
        assertThat(cluster.writes()).isEmpty();

        knative = limit(5);
        upkeep.look();
        assertThat(cluster.writes()).containsExactly("PATCH revisions/one");
        assertThat(maxScale("one")).isEqualTo("5");
        assertThat(cluster.said("one")).containsExactly("RevisionRepaired");
        assertThat(repaired.count()).isEqualTo(1);

        revision("late", "ml", "");
        cluster.clock.move(Duration.ofMinutes(9));
        upkeep.look();
        assertThat(cluster.writes()).isEmpty();
        cluster.clock.move(Duration.ofMinutes(1));
        upkeep.look();
        assertThat(cluster.writes()).containsExactly("PATCH revisions/late");
    }

    @Test
    @DisplayName("the API server is away: looked at again at the next look, not ten minutes later")
    void away() {
        revision("one", "ml", "");
        knative = limit(5);
        cluster.refuse(request -> request.is("GET", "revisions"), 503, "not now");
        assertThatThrownBy(() -> upkeep.look()).isInstanceOf(KubernetesClientException.class);
        cluster.refuseNothing();
        upkeep.look();
        assertThat(maxScale("one")).isEqualTo("5");
    }

    @Test
    @DisplayName("refused: said once, whatever the moment")
    void refused() {
        revision("one", "ml", "");
        knative = limit(5);
        cluster.refuse(request -> request.isWrite() && request.path().contains("/revisions/"), 403, "no");
        upkeep.look();
        cluster.clock.move(Duration.ofMinutes(11));
        upkeep.look();
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
        upkeep.look();
        assertThat(cluster.writes()).isEmpty();
        policy = enforce;
        upkeep.look();
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

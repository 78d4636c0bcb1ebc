package dev.trimtab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cluster.InvalidConfigMaps.Invalid;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.policy.PolicyState;
import dev.trimtab.policy.Profile;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A replica on clusters with and without Knative, and while the policy changes, by an API server that follows a script. */
class ClusterWatchTest {
    private static final long DEADLINE_SECONDS = 60;
    private static final String HEADER = "apiVersion: trimtab.dev/v1alpha1\nkind: Policy\n";
    private static final String TYPO = HEADER + "mode: audit\n";
    private static final String POLICY = "/api/v1/namespaces/trimtab/configmaps";
    private static final String KNATIVE = "/api/v1/namespaces/knative-serving/configmaps";

    private final ScriptedCluster cluster = new ScriptedCluster();
    private final Replica replica = new Replica();

    @AfterEach
    void stop() {
        replica.close();
        cluster.close();
    }

    @Test
    @DisplayName("ready means that the policy is in force, however long it takes to read")
    void policyFirst() {
        String profiles = IntStream.range(0, 400)
                .mapToObj(i -> "- {name: p%d, match: {namespaces: [n%d]}, containerConcurrency: 7}\n".formatted(i, i))
                .collect(Collectors.joining());
        policy(HEADER + "mode: Audit\nprofiles:\n" + profiles);
        cluster.configMap("knative-serving", "config-autoscaler", Map.of("max-scale-limit", "9", "max-scale", "6"));

        replica.follow(cluster);
        eventually(replica::isReady);

        assertThat(replica.settings.get().policy().mode()).isEqualTo(Mode.AUDIT);
        assertThat(replica.settings.get().policy().profiles()).hasSize(400);
        assertThat(replica.settings.get().knative().autoscaler().maxScaleLimit())
                .isEqualTo(9);
        assertThat(replica.data()).containsEntry("policy", "loaded").doesNotContainKey("waits for");
        assertThat(replica.isPolicyValid()).isOne();
    }

    @Test
    @DisplayName("a policy that may not be read: not ready, which says so by name")
    void policyForbidden() {
        cluster.refuse(POLICY, 403);

        replica.follow(cluster);
        eventually(
                () -> "ConfigMap trimtab/trimtab-policy".equals(replica.data().get("waits for")));

        assertThat(replica.isReady()).isFalse();
        assertThat(replica.data()).containsEntry("policy", "not read yet");

        cluster.allow(POLICY);
        eventually(replica::isReady);
        assertThat(replica.data()).containsEntry("policy", "built-in");
    }

    @Test
    @DisplayName("an invalid policy at start: Audit by the built-in defaults, and whoever looks is told")
    void invalidAtStart() {
        policy(TYPO);

        replica.follow(cluster);
        eventually(replica::isReady);

        assertInvalid("mode: ");
        policy(HEADER + "mode: Enforce\n");
        eventually(() -> "loaded".equals(replica.data().get("policy")));
        assertThat(replica.settings.get().policy()).isEqualTo(Policy.BUILT_IN);
        assertThat(replica.isPolicyValid()).isOne();
        assertThat(replica.invalid.under(Policy.BUILT_IN)).isEmpty();
    }

    @Test
    @DisplayName(
            "a policy that becomes invalid is out of force at once; one that is deleted gives way to the built-in one")
    void invalidLater() {
        policy(HEADER + "conflicts: Deny\n");
        replica.follow(cluster);
        eventually(replica::isReady);

        cluster.configMap("trimtab", "trimtab-policy", Map.of("policy.yml", HEADER));
        eventually(() -> "invalid".equals(replica.data().get("policy")));
        assertThat(replica.isReady()).isTrue();
        assertInvalid("data has no key \"policy.yaml\"");

        cluster.delete(POLICY + "/trimtab-policy");
        eventually(() -> "built-in".equals(replica.data().get("policy")));
        assertThat(replica.settings.get().policy()).isEqualTo(Policy.BUILT_IN);
        assertThat(replica.isPolicyValid()).isOne();
        assertThat(replica.invalid.under(Policy.BUILT_IN)).isEmpty();
    }

    @Test
    @DisplayName("deleted while the watch was broken: the next list says so")
    void deletedUnnoticed() {
        policy(HEADER + "conflicts: Deny\n");
        replica.follow(cluster);
        eventually(() -> cluster.watches(POLICY) == 1);

        cluster.deleteQuietly(POLICY + "/trimtab-policy");
        cluster.disconnect();

        eventually(() -> replica.settings.policy().equals(Policy.BUILT_IN));
    }

    @Test
    @DisplayName("a namespace whose own profiles are invalid is in Audit, and no other; mended, its profiles count")
    void profiles() {
        policy(HEADER + "namespaces: {allowProfiles: true}\n");
        cluster.configMap("ml", "trimtab-policy", Map.of("policy.yaml", HEADER + "profiles: [{nmae: llm}]\n"));
        replica.follow(cluster);
        eventually(replica::isReady);

        assertThat(replica.settings.get().policyOf("ml").mode()).isEqualTo(Mode.AUDIT);
        assertThat(replica.settings.get().policyOf("other").mode()).isEqualTo(Mode.ENFORCE);
        assertThat(replica.data())
                .containsEntry("policy", "loaded")
                .containsEntry(
                        "policy hash",
                        PolicyState.of(Optional.of(
                                        Map.of("policy.yaml", HEADER + "namespaces: {allowProfiles: true}\n")))
                                .hash());
        eventually(() -> !replica.invalid.under(replica.settings.policy()).isEmpty());
        assertThat(replica.invalid.under(replica.settings.policy()))
                .singleElement()
                .satisfies(it -> assertThat(it.message())
                        .startsWith("nothing new is filled in this namespace until it is mended: ")
                        .contains("nmae"));
        assertThat(replica.invalid.under(Policy.BUILT_IN)).as("not allowed").isEmpty();

        cluster.configMap("ml", "trimtab-policy", Map.of("policy.yaml", HEADER + "profiles: [{name: llm}]\n"));
        eventually(() -> replica.settings.get().policyOf("ml").mode() == Mode.ENFORCE);
        assertThat(replica.settings.get().profilesOf("ml"))
                .extracting(Profile::name)
                .containsExactly("llm");
        assertThat(replica.invalid.under(replica.settings.policy())).isEmpty();

        cluster.delete("/api/v1/namespaces/ml/configmaps/trimtab-policy");
        eventually(() -> replica.settings.get().profilesOf("ml").isEmpty());
    }

    @Test
    @DisplayName(
            "no Knative, and no Role in its namespace: ready by Knative's defaults, and followed as soon as it comes")
    void withoutKnative() {
        cluster.refuse(KNATIVE, 403);
        cluster.refuse("/apis/apps/v1/namespaces/knative-serving", 403);

        replica.follow(cluster);
        eventually(replica::isReady);

        assertThat(replica.settings.get().knative()).isEqualTo(KnativeConfig.DEFAULTS);
        assertThat(replica.settings.get().cluster().hpa()).isFalse();
        assertThat(replica.data().get("not there").toString())
                .contains("ConfigMap knative-serving/config-autoscaler", "Knative's Revisions");
        assertThat(replica.data()).doesNotContainKey("waits for");

        cluster.configMap("knative-serving", "config-autoscaler", Map.of("max-scale", "9"));
        cluster.deployment("knative-serving", "autoscaler-hpa");
        cluster.allow(KNATIVE);
        cluster.allow("/apis/apps/v1/namespaces/knative-serving");

        eventually(() -> replica.settings.get().knative().autoscaler().maxScale() == 9);
        eventually(() -> replica.settings.get().cluster().hpa());
        eventually(() -> !replica.data().get("not there").toString().contains("config-autoscaler"));
    }

    @Test
    @DisplayName("the HPA class has an autoscaler while Knative's own is there, or the extension with KEDA")
    void hpaAutoscalers() {
        String deployments = "/apis/apps/v1/namespaces/knative-serving/deployments/";
        cluster.deployment("knative-serving", "autoscaler-keda");
        replica.follow(cluster);
        eventually(replica::isReady);
        assertThat(replica.settings.get().cluster().hpa()).isTrue();

        cluster.deployment("knative-serving", "autoscaler-hpa");
        cluster.configMap("knative-serving", "config-autoscaler", Map.of("max-scale", "8"));
        eventually(() -> replica.settings.get().knative().autoscaler().maxScale() == 8);
        cluster.delete(deployments + "autoscaler-hpa");
        cluster.configMap("knative-serving", "config-autoscaler", Map.of("max-scale", "9"));
        eventually(() -> replica.settings.get().knative().autoscaler().maxScale() == 9);
        assertThat(replica.settings.get().cluster().hpa()).isTrue();

        cluster.delete(deployments + "autoscaler-keda");
        eventually(() -> !replica.settings.get().cluster().hpa());
    }

    @Test
    @DisplayName("KServe's default mode is followed; one that KServe would refuse changes nothing, nor does a deletion")
    void defaultMode() {
        replica.follow(cluster);
        eventually(replica::isReady);
        assertThat(replica.settings.get().defaultMode()).isEqualTo(DeploymentMode.KNATIVE);

        kserve("{\"defaultDeploymentMode\": \"RawDeployment\"}");
        eventually(() -> replica.settings.get().defaultMode() == DeploymentMode.STANDARD);

        kserve("{\"defaultDeploymentMode\": \"Rowdeployment\"}");
        kserve("{\"defaultDeploymentMode\": \"ModelMesh\"}");
        eventually(() -> replica.settings.get().defaultMode() == DeploymentMode.MODEL_MESH);

        cluster.delete("/api/v1/namespaces/kserve/configmaps/inferenceservice-config");
        policy(HEADER + "kserve: {defaultDeploymentMode: Standard}\n");
        eventually(() -> replica.settings.get().policy().defaultDeploymentMode() == DeploymentMode.STANDARD);
        assertThat(replica.settings.get().defaultMode()).isEqualTo(DeploymentMode.MODEL_MESH);
    }

    @Test
    @DisplayName("no KServe: the policy's default mode counts")
    void defaultModeOfPolicy() {
        policy(HEADER + "kserve: {defaultDeploymentMode: Standard}\n");

        replica.follow(cluster);
        eventually(replica::isReady);

        assertThat(replica.settings.get().defaultMode()).isEqualTo(DeploymentMode.STANDARD);
    }

    private void kserve(String deploy) {
        cluster.configMap("kserve", "inferenceservice-config", Map.of("deploy", deploy));
    }

    @Test
    @DisplayName("the extension for progressive roll-outs is installed, and taken off again (B6)")
    void progressiveRollout() {
        replica.follow(cluster);
        eventually(replica::isReady);
        assertThat(replica.settings.get().cluster().progressiveRollout()).isFalse();

        cluster.configMap("knative-serving", "config-rolloutorchestrator", Map.of());
        eventually(() -> replica.settings.get().cluster().progressiveRollout());

        cluster.delete(KNATIVE + "/config-rolloutorchestrator");
        eventually(() -> !replica.settings.get().cluster().progressiveRollout());
    }

    @Test
    @DisplayName("an API server in trouble: not ready, with the names of all that is waited for")
    void trouble() {
        cluster.refuse("/api", 503);

        replica.follow(cluster);

        assertThat(replica.isReady()).isFalse();
        assertThat(replica.data().get("waits for").toString())
                .contains("ConfigMap trimtab/trimtab-policy", "ConfigMap knative-serving/config-defaults");
        cluster.allow("/api");
        eventually(replica::isReady);
    }

    private void assertInvalid(String problem) {
        assertThat(replica.settings.get().policy()).isEqualTo(Policy.BUILT_IN.withMode(Mode.AUDIT));
        assertThat(replica.data()).containsEntry("policy", "invalid");
        assertThat(replica.isPolicyValid()).isZero();
        assertThat(replica.invalid.under(Policy.BUILT_IN))
                .singleElement()
                .extracting(Invalid::message)
                .asString()
                .startsWith("mode Audit with the built-in defaults is in force until it is mended: ")
                .contains(problem);
    }

    private void policy(String text) {
        cluster.configMap("trimtab", "trimtab-policy", Map.of("policy.yaml", text));
    }

    private static void eventually(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}

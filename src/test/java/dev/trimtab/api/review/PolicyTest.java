package dev.trimtab.api.review;

import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.Kubectl.Printed;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.policy.Policy;
import io.fabric8.kubernetes.api.model.Event;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Policy and Knative's configuration while they change: what the ConfigMap says now is in force, and an admin is told. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class PolicyTest extends ApiTest {
    private static final String INHERIT = Cluster.DEFAULT_POLICY + "scaling: {maxScale: {whenUnset: Inherit}}\n";
    private static final String INVALID =
            Cluster.DEFAULT_POLICY + "mode: Enfroce\nscaling: {maxScale: {whenUnset: Never}, minScale: 3}\n";

    private static final String CONFIG_MAP = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: trimtab-policy, namespace: trimtab}
            data:
            """;

    @Test
    @DisplayName("a valid edit by kubectl takes effect; the shipped file is the built-in policy")
    void validEdit() throws IOException {
        cluster.configure("config-autoscaler", Map.of("max-scale", "9"));
        assertThat(cluster.kubectl.apply(configMap("policy.yaml", INHERIT)).exitCode())
                .isZero();
        Eventually.holds("it is in force", () -> "9".equals(filledMax()));

        String shipped = Files.readString(Path.of("docs/examples/policies/built-in-policy.yaml"));
        assertThat(cluster.kubectl
                        .apply(shipped.replace(
                                "name: trimtab-policy\n", "name: trimtab-policy\n  namespace: trimtab\n"))
                        .exitCode())
                .isZero();
        Eventually.holds("it is in force", () -> settings.get().policy().equals(Policy.BUILT_IN));
    }

    @Test
    @DisplayName("an invalid edit is refused: kubectl prints every problem with its path, and nothing changes")
    void invalidEdit() {
        Printed refused = cluster.kubectl.apply(configMap("policy.yaml", INVALID));
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains("admission webhook \"policy.trimtab.dev\" denied the request")
                .contains("mode: ")
                .contains("Enfroce")
                .contains("scaling.maxScale.whenUnset: ")
                .contains("scaling.minScale: ");
        assertThat(settings.get().policy()).isEqualTo(Policy.BUILT_IN);

        Printed noKey = cluster.kubectl.run(configMap("policy.yml", INHERIT), List.of("replace", "-f", "-"));
        assertThat(noKey.exitCode()).isEqualTo(1);
        assertThat(noKey.err()).contains("data has no key \"policy.yaml\"");
    }

    @Test
    @DisplayName(
            "an invalid one that gets in: nothing new is filled, metric and readiness say so, and the webhook posts no Event")
    void invalidGetsIn() throws IOException {
        cluster.configure("config-autoscaler", Map.of("max-scale", "9"));
        cluster.policy(INHERIT);
        Eventually.holds("metric", () -> get("/metrics").contains("\ntrimtab_policy_valid 1.0\n"));
        cluster.removePolicyCheck();
        cluster.storePolicy(INVALID);

        Eventually.holds("metric", () -> get("/metrics").contains("\ntrimtab_policy_valid 0.0\n"));
        assertThat(get("/health/ready")).contains("\"status\": \"UP\"").contains("\"policy\": \"invalid\"");
        assertThat(filledMax()).isNull();
        assertThat(cluster.admin.v1().events().inNamespace("trimtab").list().getItems())
                .extracting(Event::getReason)
                .doesNotContain("PolicyInvalid");

        cluster.policy(Cluster.DEFAULT_POLICY);
        assertThat(filledMax()).isEqualTo("0");
        Eventually.holds("metric", () -> get("/metrics").contains("\ntrimtab_policy_valid 1.0\n"));
    }

    @Test
    @DisplayName("a deleted policy gives way to the built-in one, and a new one is taken")
    void deleted() {
        cluster.configure("config-autoscaler", Map.of("max-scale", "9"));
        cluster.policy(INHERIT);
        assertThat(cluster.kubectl
                        .run("", List.of("-n", "trimtab", "delete", "configmap", "trimtab-policy"))
                        .exitCode())
                .isZero();
        Eventually.holds("the built-in one is in force", () -> "0".equals(filledMax()));
        assertThat(get("/health/ready")).contains("\"policy\": \"built-in\"");

        cluster.policy(INHERIT);
        assertThat(filledMax()).isEqualTo("9");
    }

    @Test
    @DisplayName("an invalid config-autoscaler is not taken, as in Knative; the next good one is")
    void invalidAutoscaler() {
        cluster.policy(INHERIT);
        cluster.configure("config-autoscaler", Map.of("max-scale", "9"));
        cluster.storeKnative("config-autoscaler", Map.of("max-scale", "8", "initial-scale", "-1"));
        cluster.configure("config-defaults", Map.of("revision-timeout-seconds", "200"));

        assertThat(filledMax()).isEqualTo("9");
        cluster.configure("config-autoscaler", Map.of("max-scale", "7"));
        assertThat(filledMax()).isEqualTo("7");
    }

    private String filledMax() {
        return Models.scale(cluster.api.dryRunCreate(
                        KNATIVE_SERVICE, Api.yaml(Models.knativeService(namespace, "hello", ""))))
                .get("max");
    }

    private static String configMap(String key, String policy) {
        return CONFIG_MAP + "  " + key + ": |\n" + policy.indent(4);
    }
}

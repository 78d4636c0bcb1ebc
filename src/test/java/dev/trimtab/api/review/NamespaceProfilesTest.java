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
import dev.trimtab.policy.Policy.Mode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Profiles that a namespace has for itself. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class NamespaceProfilesTest extends ApiTest {
    private static final String ALLOWED = Cluster.DEFAULT_POLICY + "namespaces: {allowProfiles: true}\n";
    private static final String PROFILES =
            Cluster.DEFAULT_POLICY + "profiles: [{name: llm, containerConcurrency: 7}]\n";
    private static final String INVALID = Cluster.DEFAULT_POLICY + "profiles: [{name: llm, containerConcurency: 7}]\n";
    private static final String LABEL = ", labels: {trimtab.dev/policy: profiles}";

    @Test
    @DisplayName("in force in their namespace and in no other, until they are deleted")
    void ownNamespace() {
        cluster.policy(ALLOWED);
        assertThat(apply(PROFILES, LABEL)).satisfies(it -> {
            assertThat(it.exitCode()).isZero();
            assertThat(it.err()).isEmpty();
        });
        Eventually.holds("it is in force", () -> concurrency(namespace) == 7);
        assertThat(concurrency("default")).isZero();

        cluster.policy(Cluster.DEFAULT_POLICY);
        assertThat(concurrency(namespace)).as("not allowed any more").isZero();
        cluster.policy(ALLOWED);
        assertThat(concurrency(namespace)).isEqualTo(7);
        cluster.kubectl.run("", List.of("-n", namespace, "delete", "configmap", "trimtab-policy"));
        Eventually.holds("it is out of force", () -> concurrency(namespace) == 0);
    }

    @Test
    @DisplayName("with the label, an invalid one is refused at apply, and one that does not count gets a warning")
    void label() {
        Printed refused = apply(INVALID, LABEL);
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains("admission webhook \"profiles.trimtab.dev\" denied the request")
                .contains("containerConcurency");

        Printed warned = apply(PROFILES, LABEL);
        assertThat(warned.exitCode()).isZero();
        assertThat(warned.err())
                .contains("Warning: trimtab: not in force: the policy does not say namespaces: {allowProfiles: true}");
    }

    @Test
    @DisplayName("without the label, an invalid one gets in: nothing new is filled in its namespace until it is mended")
    void invalid() {
        cluster.policy(ALLOWED);
        cluster.store(namespace, "trimtab-policy", Map.of("policy.yaml", PROFILES));
        Eventually.holds("it is in force", () -> concurrency(namespace) == 7);
        cluster.store(namespace, "trimtab-policy", Map.of("policy.yaml", INVALID));

        Eventually.holds("Audit", () -> settings.get().policyOf(namespace).mode() == Mode.AUDIT);
        assertThat(concurrency(namespace)).isZero();
        assertThat(filled(namespace)).isFalse();
        assertThat(filled("default")).isTrue();

        cluster.store(namespace, "trimtab-policy", Map.of("policy.yaml", PROFILES));
        Eventually.holds("it is in force", () -> concurrency(namespace) == 7);
    }

    private boolean filled(String where) {
        return cluster.api
                .dryRunCreate(KNATIVE_SERVICE, Api.yaml(Models.knativeService(where, "hello", "")))
                .path("metadata")
                .path("annotations")
                .has("trimtab.dev/filled");
    }

    private int concurrency(String where) {
        return cluster.api
                .dryRunCreate(KNATIVE_SERVICE, Api.yaml(Models.knativeService(where, "hello", "")))
                .at("/spec/template/spec/containerConcurrency")
                .asInt();
    }

    private Printed apply(String policy, String labels) {
        return cluster.kubectl.apply("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: trimtab-policy, namespace: %s%s}
                data:
                  policy.yaml: |
                """.formatted(namespace, labels) + policy.indent(4));
    }
}

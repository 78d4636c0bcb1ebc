package dev.trimtab.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import dev.trimtab.api.cluster.NeedsApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Helm installs and upgrades the chart on a cluster of its own: cluster-wide names are taken on the one that other tests share. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(NeedsApiServer.class)
class ChartOnClusterTest {
    private static final String VALUES = "{certificates: {provider: none}, knative: {enabled: false}}";
    private static final List<String> CONFIGURATIONS =
            List.of("mutatingwebhookconfiguration", "validatingwebhookconfiguration");

    /** What KServe renders in Standard mode, as Trimtab has filled it. */
    private static final String FILLED = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: llama-predictor
              namespace: ml
              labels: {serving.kserve.io/inferenceservice: llama}
              annotations: {trimtab.dev/filled: '{"paths":[]}'}
              ownerReferences:
                - {apiVersion: serving.kserve.io/v1beta1, kind: InferenceService, name: llama, uid: 6d3e7c9e-0000-4000-8000-000000000000}
            spec:
              selector: {matchLabels: {app: llama}}
              template:
                metadata: {labels: {app: llama}}
                spec: {containers: [{name: kserve-container, image: example/llama:1}]}
            """;

    @TempDir
    private static Path folder;

    private Map<String, String> environment = Map.of();
    private Chart chart = new Chart("", folder);

    @BeforeAll
    void start() {
        String unused =
                cluster("up", "--while", Long.toString(ProcessHandle.current().pid()));
        environment = Pattern.compile("export (\\w+)='(.*)'")
                .matcher(cluster("env"))
                .results()
                .collect(Collectors.toMap(it -> it.group(1), it -> it.group(2)));
        chart = Chart.packagedIn(folder);
        for (String namespace : List.of("trimtab", "ml", "second")) {
            String unusedCreated = kubectl("create", "namespace", namespace);
        }
    }

    @AfterAll
    void stop() {
        if (!environment.isEmpty()) {
            String unused = cluster("down");
        }
    }

    @Test
    @DisplayName("an upgrade keeps the caBundle, moves no service that Trimtab has filled, and brings the new image")
    void upgrade() throws IOException {
        install("trimtab");
        String unusedCreated = kubectl("create", "-f", file(FILLED).toString());
        String unusedMade = authority();
        String unusedInstalled = authority("--install");
        String caBundle = authority("--ca-bundle").strip();

        var release = Helm.upgrade(chart.path())
                .withName("trimtab")
                .withNamespace("trimtab")
                .withValuesFile(file(VALUES))
                .set("image.tag", "0.2.0")
                .set("policy.mode", "Audit")
                .withKubeConfig(kubeconfig())
                .call();

        assertThat(release.getRevision()).isEqualTo("2");
        for (String configuration : CONFIGURATIONS) {
            assertThat(kubectl(
                                    "get",
                                    configuration,
                                    "trimtab.dev",
                                    "-o",
                                    "jsonpath={.webhooks[*].clientConfig.caBundle}")
                            .split(" "))
                    .as(configuration)
                    .hasSize(webhooks(configuration))
                    .containsOnly(caBundle);
        }
        assertThat(kubectl("-n", "ml", "get", "deployment", "llama-predictor", "-o", "jsonpath={.metadata.generation}"))
                .isEqualTo("1");
        assertThat(kubectl(
                        "-n",
                        "trimtab",
                        "get",
                        "deployments",
                        "-o",
                        "jsonpath={.items[*].spec.template.spec.containers[0].image}"))
                .isEqualTo("ghcr.io/trimtab/trimtab:0.2.0 ghcr.io/trimtab/trimtab:0.2.0");
        assertThatThrownBy(() -> install("second"))
                .as("the order of the webhooks allows one name")
                .hasMessageContaining("cannot be imported into the current release: invalid ownership metadata");
    }

    @Test
    @DisplayName("the API server takes every object as it is, with whatever values")
    void strict() throws IOException {
        var values = """
                certificates: {provider: openshift}
                knative: {enabled: false}
                openshift: {enabled: true}
                priorityClassName: system-cluster-critical
                policy: {mode: Audit, conflicts: Warn}
                failClosed: true
                image: {digest: 'sha256:%s', pullSecrets: [registry]}
                nodeSelector: {pool: platform}
                tolerations: [{key: platform, operator: Exists}]
                affinity: {nodeAffinity: {}}
                podAnnotations: {example.org/a: b}
                podLabels: {team: platform}
                extraEnv: [{name: QUARKUS_LOG_LEVEL, value: DEBUG}]
                test: {namespace: ml}
                """.formatted("0".repeat(64));
        // Without its account the API server would refuse the pod of helm test.
        String unusedAccount = kubectl("-n", "trimtab", "create", "serviceaccount", "trimtab-test");
        Path tests = Files.createDirectory(folder.resolve("tests"));

        for (String rendered :
                List.of(chart.text("trimtab", VALUES), Chart.withTestsIn(tests).text("trimtab", values))) {
            Manifests objects = Manifests.parse(rendered);
            assertThat(kubectl(
                                    "apply",
                                    "--dry-run=server",
                                    "--validate=strict",
                                    "-f",
                                    file(rendered).toString())
                            .lines()
                            .filter(line -> line.endsWith("(server dry run)")))
                    .hasSameSizeAs(objects.objects());
        }
    }

    private void install(String namespace) throws IOException {
        var unused = Helm.install(chart.path())
                .withName("trimtab")
                .withNamespace(namespace)
                .withValuesFile(file(VALUES))
                .withKubeConfig(kubeconfig())
                .call();
    }

    /** As docs/helm.md says for a cluster without cert-manager. */
    private String authority(String... arguments) {
        return run(Stream.concat(
                Stream.of(
                        "env",
                        "KUBECONFIG=" + kubeconfig(),
                        "PATH=" + environment.get("KUBEBUILDER_ASSETS") + ":" + System.getenv("PATH"),
                        "bash",
                        "certs/dev-ca.sh",
                        "--out",
                        folder.resolve("authority").toString()),
                Arrays.stream(arguments)));
    }

    private int webhooks(String configuration) {
        return Manifests.ofFolder().objects().stream()
                .filter(it -> it.path("kind").asText().toLowerCase(Locale.ROOT).equals(configuration))
                .mapToInt(it -> it.path("webhooks").size())
                .sum();
    }

    private Path kubeconfig() {
        return Path.of(environment.get("KUBECONFIG"));
    }

    private static Path file(String content) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "file", ".yaml"), content);
    }

    private String kubectl(String... arguments) {
        var kubectl = Path.of(environment.get("KUBEBUILDER_ASSETS"), "kubectl").toString();
        return run(Stream.concat(
                Stream.of(kubectl, "--kubeconfig", environment.get("KUBECONFIG")), Arrays.stream(arguments)));
    }

    private static String cluster(String... arguments) {
        String name = "chart-" + ProcessHandle.current().pid();
        return run(Stream.concat(
                Stream.of("bash", "test-cluster/test-cluster", "--name", name), Arrays.stream(arguments)));
    }

    private static String run(Stream<String> command) {
        var run = Command.run(command.toList());
        assertThat(run.exitCode()).as(run.output()).isZero();
        return run.output();
    }
}

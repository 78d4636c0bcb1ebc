package dev.trimtab.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The pods: how little they may do on a node, and that one is always ready. */
class DeploymentTest {
    /** Where a client in a pod looks for its token (fabric8 7.6, Config.autoConfigure). */
    private static final String TOKEN_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

    private final Manifests manifests = Manifests.ofFolder();
    private final JsonNode deployment = manifests.get("Deployment", "trimtab").path("spec");
    private final JsonNode pod = deployment.at("/template/spec");
    private final JsonNode container = manifests.container();

    @Test
    @DisplayName("meets the Pod Security Standard 'restricted', and more: a read-only root file system")
    void podSecurity() {
        assertThat(pod.path("containers")).hasSize(1);
        for (var field : List.of("initContainers", "hostNetwork", "hostPID", "hostIPC")) {
            assertThat(pod.has(field)).as(field).isFalse();
        }
        var user = pod.path("securityContext");
        assertThat(user.path("runAsNonRoot").asBoolean()).isTrue();
        assertThat(user.path("runAsUser").asInt()).isEqualTo(10001);
        assertThat(user.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(container.path("securityContext").toString())
                .isEqualTo("{\"allowPrivilegeEscalation\":false,\"readOnlyRootFilesystem\":true,"
                        + "\"capabilities\":{\"drop\":[\"ALL\"]}}");
        assertThat(pod.path("volumes"))
                .as("of the kinds that restricted allows")
                .allSatisfy(
                        volume -> assertThat(volume.has("secret") || volume.has("emptyDir") || volume.has("projected"))
                                .isTrue());
    }

    @Test
    @DisplayName("/tmp can be written, by the JVM; the Secret can be read by the group of the process")
    void files() {
        assertThat(container.path("volumeMounts"))
                .extracting(mount -> mount.path("mountPath").asText() + " "
                        + mount.path("readOnly").asBoolean())
                .containsExactly("/etc/trimtab/tls true", TOKEN_FOLDER + " true", "/tmp false");
        assertThat(pod.at("/volumes/0/secret/defaultMode").asInt()).isEqualTo(0440);
        assertThat(pod.at("/securityContext/fsGroup")).isEqualTo(pod.at("/securityContext/runAsGroup"));
    }

    @Test
    @DisplayName("a rollout, a drain or a lost node leaves one ready")
    void available() {
        assertThat(deployment.path("replicas").asInt()).isEqualTo(2);
        assertThat(deployment.path("strategy").toString())
                .isEqualTo("{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"maxUnavailable\":0,\"maxSurge\":1}}");
        assertThat(manifests
                        .only("PodDisruptionBudget")
                        .at("/spec/maxUnavailable")
                        .asInt())
                .isEqualTo(1);
        assertThat(pod.path("topologySpreadConstraints"))
                .extracting(spread -> spread.path("topologyKey").asText() + " "
                        + spread.path("whenUnsatisfiable").asText())
                .containsExactly("kubernetes.io/hostname ScheduleAnyway", "topology.kubernetes.io/zone ScheduleAnyway");
        assertThat(pod.path("topologySpreadConstraints"))
                .allSatisfy(spread -> assertThat(spread.path("labelSelector")).isEqualTo(deployment.path("selector")));
        assertThat(pod.has("priorityClassName"))
                .as("it could push a model's pod off a full node: components/system-critical")
                .isFalse();
    }

    @Test
    @DisplayName("a pod leaves the Service before it stops, and has the time to")
    void drain() {
        var settings = Manifests.read(Path.of("src/main/resources/application.properties"));

        assertThat(settings)
                .contains("\nquarkus.shutdown.delay-enabled=true\n")
                .contains("\n%prod.quarkus.shutdown.delay=10s\n")
                .doesNotContain("\nquarkus.shutdown.timeout=");
        assertThat(container.has("lifecycle")).as("SIGTERM comes at once").isFalse();
        assertThat(pod.path("terminationGracePeriodSeconds").asInt()).isGreaterThanOrEqualTo(20 + 5);
    }

    @Test
    @DisplayName("probes ask the management port")
    void probes() {
        assertThat(probe("startupProbe")).isEqualTo("/q/health/live management");
        assertThat(probe("livenessProbe")).isEqualTo("/q/health/live management");
        assertThat(probe("readinessProbe")).isEqualTo("/q/health/ready management");
    }

    @Test
    @DisplayName("memory is limited, the CPU is not")
    void resources() {
        assertThat(container.path("resources").toString())
                .isEqualTo("{\"requests\":{\"cpu\":\"100m\",\"memory\":\"192Mi\"},\"limits\":{\"memory\":\"512Mi\"}}");
    }

    @Test
    @DisplayName("these settings and no other; the namespace is the pod's own")
    void environment() {
        assertThat(environment(container))
                .containsExactly(
                        "TRIMTAB_CLUSTER=auto",
                        "TRIMTAB_NAMESPACE=metadata.namespace",
                        "TRIMTAB_KNATIVE_NAMESPACE=knative-serving",
                        "TRIMTAB_KSERVE_NAMESPACE=kserve",
                        "TRIMTAB_TLS_CERTIFICATE=/etc/trimtab/tls/tls.crt",
                        "TRIMTAB_TLS_KEY=/etc/trimtab/tls/tls.key");
    }

    @Test
    @DisplayName(
            "no token is mounted by Kubernetes: each pod has one of its own, for an hour, with the CA and the namespace")
    void token() {
        assertThat(manifests.ofKind("ServiceAccount")).hasSize(2).allSatisfy(DeploymentTest::mountsNoToken);
        assertThat(manifests.ofKind("Deployment"))
                .hasSize(2)
                .extracting(it -> it.at("/spec/template/spec"))
                .allSatisfy(it -> {
                    mountsNoToken(it);
                    assertThat(volume(it, "token").toString())
                            .isEqualTo("{\"defaultMode\":292,\"sources\":["
                                    + "{\"serviceAccountToken\":{\"path\":\"token\",\"expirationSeconds\":3600}},"
                                    + "{\"configMap\":{\"name\":\"kube-root-ca.crt\",\"items\":"
                                    + "[{\"key\":\"ca.crt\",\"path\":\"ca.crt\"}]}},"
                                    + "{\"downwardAPI\":{\"items\":[{\"path\":\"namespace\",\"fieldRef\":"
                                    + "{\"fieldPath\":\"metadata.namespace\"}}]}}]}");
                    assertThat(it.at("/containers/0/volumeMounts"))
                            .filteredOn(mount -> mount.path("name").asText().equals("token"))
                            .singleElement()
                            .satisfies(mount ->
                                    assertThat(mount.path("mountPath").asText()).isEqualTo(TOKEN_FOLDER));
                });
    }

    private static void mountsNoToken(JsonNode holder) {
        assertThat(holder.path("automountServiceAccountToken").isBoolean()).isTrue();
        assertThat(holder.path("automountServiceAccountToken").asBoolean()).isFalse();
    }

    private static JsonNode volume(JsonNode pod, String name) {
        return Manifests.stream(pod.path("volumes"))
                .filter(it -> it.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow()
                .path("projected");
    }

    @Test
    @DisplayName("both Deployments serve: without a verb the jar would print its help")
    void verb() {
        for (JsonNode it : List.of(container, controller())) {
            assertThat(Manifests.texts(it.path("args"))).containsExactly("serve");
        }
    }

    @Test
    @DisplayName("the controller: no port for reviews, no certificate, and the same bounds")
    void controllerPod() {
        assertThat(environment(controller()))
                .containsExactly(
                        "TRIMTAB_CONTROLLER_ENABLED=true",
                        "TRIMTAB_CLUSTER=auto",
                        "TRIMTAB_NAMESPACE=metadata.namespace",
                        "TRIMTAB_KNATIVE_NAMESPACE=knative-serving",
                        "TRIMTAB_KSERVE_NAMESPACE=kserve",
                        "QUARKUS_HTTP_HOST_ENABLED=false",
                        "QUARKUS_SHUTDOWN_DELAY=0s");
        assertThat(controller().path("ports"))
                .extracting(port -> port.path("containerPort").asInt())
                .containsExactly(9000);
        assertThat(controller().path("volumeMounts"))
                .extracting(mount -> mount.path("mountPath").asText())
                .containsExactly(TOKEN_FOLDER, "/tmp");
        for (var same : List.of("securityContext", "startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(controller().path(same)).as(same).isEqualTo(container.path(same));
        }
        assertThat(manifests.get("Deployment", "trimtab-controller").at("/spec/template/spec/securityContext"))
                .isEqualTo(((ObjectNode) pod.path("securityContext").deepCopy()).without("fsGroup"));
    }

    private JsonNode controller() {
        return manifests.get("Deployment", "trimtab-controller").at("/spec/template/spec/containers/0");
    }

    private static List<String> environment(JsonNode container) {
        return Manifests.stream(container.path("env"))
                .map(variable -> variable.path("name").asText() + "="
                        + variable.path("value")
                                .asText(variable.at("/valueFrom/fieldRef/fieldPath")
                                        .asText()))
                .toList();
    }

    private String probe(String name) {
        var request = container.path(name).path("httpGet");
        return request.path("path").asText() + " " + request.path("port").asText();
    }
}

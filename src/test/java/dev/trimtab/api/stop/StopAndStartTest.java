package dev.trimtab.api.stop;

import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_GRAPH;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Account;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.cli.Cli;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code trimtab stop}, {@code start} and {@code status}. Pods end when the test says so: their grace period is longer than the test. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class StopAndStartTest extends ApiTest {
    private static final String STOP = "/metadata/annotations/serving.kserve.io~1stop";
    private static final String STOPPED =
            "{type: Stopped, status: \"True\", lastTransitionTime: \"2026-11-22T10:00:00Z\"}";

    @Test
    @DisplayName("stop sets the annotation and nothing else, start removes it; both may be said twice")
    void annotation() {
        create("llama");
        ObjectNode before = stored("llama");

        assertThat(trimtab("stop", "llama")).isEqualTo(done("InferenceService %s/llama: stop requested\n"));
        assertThat(stored("llama").at(STOP).asText()).isEqualTo("true");
        assertThat(stored("llama").at("/metadata/generation")).isEqualTo(before.at("/metadata/generation"));
        assertThat(trimtab("stop", "llama")).isEqualTo(done("InferenceService %s/llama: is already stopped\n"));

        assertThat(trimtab("start", "llama")).isEqualTo(done("InferenceService %s/llama: start requested\n"));
        assertThat(stored("llama").at(STOP).isMissingNode()).isTrue();
        assertThat(stored("llama").path("spec")).isEqualTo(before.path("spec"));
        assertThat(trimtab("start", "llama")).isEqualTo(done("InferenceService %s/llama: is not stopped\n"));
    }

    @Test
    @DisplayName("several by label: one that is refused does not stop the others, and the last line counts")
    void selector() {
        create("a", "team: search");
        create("b", "team: search");
        create("c", "team: other");
        trimtab("stop", "b");

        assertThat(trimtab("stop", "-l", "team=search")).isEqualTo(new Cli(0, """
                InferenceService %1$s/a: stop requested
                InferenceService %1$s/b: is already stopped
                2 services: 1 stop requested, 1 is already stopped
                """.formatted(namespace), ""));
        assertThat(stored("c").at(STOP).isMissingNode()).isTrue();
        assertThat(trimtab("start", "a", "nope", "b"))
                .isEqualTo(new Cli(
                        2, """
                InferenceService %1$s/a: start requested
                InferenceService %1$s/b: start requested
                3 services: 2 start requested, 1 failed
                """.formatted(namespace), "InferenceService %s/nope: not found\n".formatted(namespace)));
        assertThat(trimtab("stop", "--all").out()).endsWith("3 services: 3 stop requested\n");
        assertThat(trimtab("start", "-l", "team=nobody"))
                .isEqualTo(new Cli(0, "", "no service is selected in namespace " + namespace + "\n"));
    }

    @Test
    @DisplayName("--dry-run says what would stop and what it holds, and writes nothing")
    void dryRun() {
        create("a", "team: search");
        create("b", "team: search");
        pod("a-1", "a", "nvidia.com/gpu: 2");
        ObjectNode before = stored("a");

        assertThat(trimtab("stop", "--all", "--dry-run")).isEqualTo(new Cli(0, """
                InferenceService %1$s/a: would be stopped, with 1 pod with 2 nvidia.com/gpu
                InferenceService %1$s/b: would be stopped, without a pod now
                2 services: 2 would be stopped
                """.formatted(namespace), ""));
        assertThat(stored("a")).isEqualTo(before);
        trimtab("stop", "a");
        assertThat(trimtab("start", "a", "--dry-run")).isEqualTo(done("InferenceService %s/a: would be started\n"));
        assertThat(stored("a").at(STOP).asText()).isEqualTo("true");
        gone("a-1");
    }

    @Test
    @DisplayName(
            "--dry-run asks admission: what would refuse the stop is said with its reason, and the others are looked at")
    void refusedDryRun() {
        create("a");
        create("kept");
        cluster.kubectl.apply("""
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicy
                metadata: {name: %1$s}
                spec:
                  matchConstraints:
                    resourceRules:
                      - {apiGroups: [serving.kserve.io], apiVersions: [v1beta1], resources: [inferenceservices], operations: [UPDATE]}
                  validations:
                    - expression: "object.metadata.name != 'kept'"
                      message: the demo is on Monday
                ---
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicyBinding
                metadata: {name: %1$s}
                spec:
                  policyName: %1$s
                  validationActions: [Deny]
                  matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}}
                """.formatted(namespace));
        Eventually.holds(
                "the policy", () -> trimtab("stop", "kept", "--dry-run").code() == 2);

        Cli dryRun = trimtab("stop", "kept", "a", "--dry-run");

        assertThat(dryRun.code()).isEqualTo(2);
        assertThat(dryRun.errors())
                .singleElement()
                .asString()
                .startsWith("InferenceService %s/kept: ".formatted(namespace))
                .endsWith("denied request: the demo is on Monday");
        assertThat(dryRun.out()).isEqualTo("""
                InferenceService %s/a: would be stopped, without a pod now
                2 services: 1 would be stopped, 1 failed
                """.formatted(namespace));
        assertThat(stored("kept").at(STOP).isMissingNode()).isTrue();
    }

    @Test
    @DisplayName("waiting for several: each says when it is released, and the exit code is the worst")
    void waitsForAll() {
        create("a", "team: search");
        create("b", "team: search");
        trimtab("stop", "--all");
        status("a", STOPPED);
        pod("b-1", "b", "nvidia.com/gpu: 1");

        Cli stop = trimtab("stop", "--all", "--wait", "--timeout", "2s");

        assertThat(stop.code()).isEqualTo(1);
        assertThat(stop.out()).containsPattern("/a: released after \\d+s: it held no GPU\n");
        assertThat(stop.errors().get(0))
                .startsWith("InferenceService %s/b: not released after 2s".formatted(namespace));
        gone("b-1");
    }

    @Test
    @DisplayName("an InferenceGraph likewise, with --kind")
    void graph() {
        cluster.api.create(INFERENCE_GRAPH, Api.yaml(Models.inferenceGraph(namespace, "route")));

        assertThat(trimtab("stop", "route", "--kind", "inferencegraph"))
                .isEqualTo(done("InferenceGraph %s/route: stop requested\n"));
        assertThat(cluster.api.get(INFERENCE_GRAPH, namespace, "route").at(STOP).asText())
                .isEqualTo("true");
        assertThat(trimtab("status").out()).contains("InferenceGraph", "route");
    }

    @Test
    @DisplayName("not found, forbidden: one line, exit code 2")
    void refused() throws IOException {
        assertThat(trimtab("stop", "llama"))
                .isEqualTo(new Cli(2, "", "InferenceService %s/llama: not found\n".formatted(namespace)));

        create("llama");
        Path weak = folder().resolve("kubeconfig-nobody");
        Files.writeString(weak, """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
                users: [{name: u, user: {token: %s}}]
                contexts: [{name: d, context: {cluster: c, user: u}}]
                current-context: d
                """.formatted(cluster.admin.getMasterUrl(), Account.NOBODY.token(cluster.admin)));
        Cli forbidden = Cli.run("stop", "llama", "-n", namespace, "--kubeconfig", weak.toString());
        assertThat(forbidden.code()).isEqualTo(2);
        assertThat(forbidden.errors()).singleElement().asString().contains("llama", "is forbidden");
        assertThat(stored("llama").at(STOP).isMissingNode()).isTrue();
    }

    @Test
    @DisplayName("stop --wait comes back when the last pod is gone, not when it is Terminating, and says what it held")
    void release() throws Exception {
        create("llama");
        pod("llama-1", "llama", "nvidia.com/gpu: 8");
        pod("llama-2", "llama", "nvidia.com/gpu: 8");
        pod("other-1", "other", "nvidia.com/gpu: 1");

        CompletableFuture<Cli> stop = CompletableFuture.supplyAsync(() -> trimtab("stop", "llama", "--wait"));
        Eventually.holds(
                "the annotation", () -> stored("llama").at(STOP).asText().equals("true"));
        status("llama", STOPPED);
        cluster.admin
                .pods()
                .inNamespace(namespace)
                .withLabel("serving.kserve.io/inferenceservice", "llama")
                .delete();
        TimeUnit.SECONDS.sleep(3);
        assertThat(stop).as("both are Terminating").isNotDone();
        gone("llama-1");
        TimeUnit.SECONDS.sleep(2);
        assertThat(stop).as("one is Terminating").isNotDone();
        assertThat(trimtab("status").out())
                .containsPattern("InferenceService +llama +2026-11-22T10:00:00Z +1 pod with 8 nvidia.com/gpu +- +-\n")
                .endsWith("1 stopped: 0 released; 1 pod with 8 nvidia.com/gpu still held\n");
        gone("llama-2");

        Cli released = stop.get(30, TimeUnit.SECONDS);
        assertThat(released.err()).isEmpty();
        assertThat(released.code()).isZero();
        assertThat(released.out().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).endsWith("/llama: stop requested"),
                        line -> assertThat(line)
                                .endsWith("/llama: waiting for 2 pods with 16 nvidia.com/gpu to be gone"),
                        line -> assertThat(line).matches(".*/llama: released after \\d+s: 16 nvidia.com/gpu"));
        gone("other-1");
    }

    @Test
    @DisplayName("stop --wait in vain: exit code 1, with what still holds")
    void stopTimeout() {
        create("llama");
        pod("llama-1", "llama", "nvidia.com/gpu: 1");
        cluster.admin.pods().inNamespace(namespace).withName("llama-1").delete();

        Cli timeout = trimtab("stop", "llama", "--wait", "--timeout", "1s");

        assertThat(timeout.code()).isEqualTo(1);
        assertThat(timeout.errors())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .isEqualTo("InferenceService %s/llama: not released after 1s: 1 pod with "
                                                .formatted(namespace)
                                        + "1 nvidia.com/gpu left"),
                        line -> assertThat(line)
                                .matches("  llama-1 on node gpu-0, terminating since \\S+Z \\(\\d+s\\), "
                                        + "1 nvidia.com/gpu"));
        gone("llama-1");
    }

    @Test
    @DisplayName("a KServe that does not know the annotation: no pod, but it is not released")
    void noNativeStop() {
        create("llama");

        Cli stop = trimtab("stop", "llama", "--wait", "--timeout", "8s");

        assertThat(stop.code()).isEqualTo(1);
        assertThat(stop.out()).doesNotContain("released");
        assertThat(stop.errors())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("Warning: ")
                                .contains("KServe has not set Stopped: pods may come back"),
                        line -> assertThat(line)
                                .endsWith("not released after 8s: no pod, but KServe has not set Stopped, left"));
    }

    @Test
    @DisplayName("start --wait believes Ready only when Stopped is over")
    void ready() throws Exception {
        create("llama");
        trimtab("stop", "llama");
        status("llama", STOPPED, "{type: Ready, status: \"True\"}");

        CompletableFuture<Cli> start = CompletableFuture.supplyAsync(() -> trimtab("start", "llama", "--wait"));
        TimeUnit.SECONDS.sleep(3);
        assertThat(start).isNotDone();
        status("llama", "{type: Stopped, status: \"False\"}", "{type: Ready, status: \"True\"}");

        Cli started = start.get(30, TimeUnit.SECONDS);
        assertThat(started.code()).isZero();
        assertThat(started.out()).containsPattern("/llama: ready after \\d+s\n$");
    }

    @Test
    @DisplayName("start --wait in vain: exit code 1, with the reason of Ready and the last Warning")
    void startTimeout() {
        create("llama");
        status("llama", "{type: Ready, status: \"False\", reason: RevisionFailed, message: no image}");
        cluster.admin
                .resource(new EventBuilder()
                        .withNewMetadata()
                        .withName("llama.1")
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewInvolvedObject()
                        .withKind("InferenceService")
                        .withName("llama")
                        .withNamespace(namespace)
                        .endInvolvedObject()
                        .withType("Warning")
                        .withReason("InternalError")
                        .withMessage("fails to reconcile\npredictor")
                        .build())
                .create();

        assertThat(trimtab("start", "llama", "--wait", "--timeout", "1s"))
                .isEqualTo(new Cli(1, "InferenceService %s/llama: is not stopped\n".formatted(namespace), """
                        InferenceService %s/llama: not ready after 1s: Ready is False: RevisionFailed: no image
                          InternalError: fails to reconcile predictor
                        """.formatted(
                                namespace)));
    }

    @Test
    @DisplayName("status: nothing, then one released, as a table and as JSON")
    void statusOutput() {
        create("llama");
        assertThat(trimtab("status")).isEqualTo(done("Nothing is stopped in namespace %s.\n"));

        trimtab("stop", "llama");
        assertThat(trimtab("status").out())
                .containsPattern("InferenceService +llama +- +0 pods +- +KServe has not set Stopped\n");
        status("llama", STOPPED);
        assertThat(Api.json(trimtab("status", "-o", "json").out())).isEqualTo(Api.yaml("""
                services:
                - kind: InferenceService
                  namespace: %s
                  name: llama
                  since: "2026-11-22T10:00:00Z"
                  released: true
                  stoppedBy: null
                  pods: []
                  gpusHeld: {}
                  gpusReleased: null
                  blockedBy: []
                kept: []
                summary: {stopped: 1, released: 1, gpusHeld: {}, gpusReleased: {}}
                revisionsRefused: []
                """.formatted(namespace)));
        assertThat(Cli.run("status", "-A", "--kubeconfig", kubeconfig()).out()).contains(namespace + "  ");
    }

    @Test
    @DisplayName("status: what the controller said of this stop, and not what anybody else did")
    void whatWasSaid() {
        create("llama");
        event("earlier", "Released", "trimtab", "2020-01-01T00:00:00Z", "{\"nvidia.com/gpu\":\"4\"}");
        event("started", "Starting", "trimtab", "2020-01-02T00:00:00Z", "");
        trimtab("stop", "llama");
        status("llama", STOPPED);
        event("other", "Released", "somebody", "2100-01-01T00:00:00Z", "{\"nvidia.com/gpu\":\"2\"}");
        assertThat(trimtab("status").out()).containsPattern("0 pods +yes +-\n");

        event("released", "Released", "trimtab", "2100-01-01T00:00:00Z", "{\"nvidia.com/gpu\":\"16\"}");
        assertThat(trimtab("status").out())
                .containsPattern("0 pods +16 nvidia.com/gpu +-\n")
                .endsWith("1 stopped: 1 released (16 nvidia.com/gpu)\n");
        assertThat(Api.json(trimtab("status", "-o", "json").out()).at("/summary/gpusReleased"))
                .isEqualTo(Api.yaml("nvidia.com/gpu: 16"));

        event("blocked", "StopBlocked", "trimtab", "2100-01-01T00:00:01Z", "");
        assertThat(trimtab("status").out()).containsPattern("0 pods +16 nvidia.com/gpu +said of blocked\n");
    }

    private void event(String name, String reason, String by, String time, String gpus) {
        cluster.admin
                .resource(new EventBuilder()
                        .withNewMetadata()
                        .withName("llama." + name)
                        .withNamespace(namespace)
                        .addToAnnotations("trimtab.dev/gpus", gpus)
                        .endMetadata()
                        .withNewInvolvedObject()
                        .withKind("InferenceService")
                        .withName("llama")
                        .withNamespace(namespace)
                        .withUid(stored("llama").at("/metadata/uid").asText())
                        .endInvolvedObject()
                        .withNewSource()
                        .withComponent(by)
                        .endSource()
                        .withReason(reason)
                        .withMessage("said of " + name)
                        .withLastTimestamp(time)
                        .build())
                .create();
    }

    private void create(String name) {
        cluster.api.create(INFERENCE_SERVICE, Api.yaml(Models.inferenceService(namespace, name)));
    }

    private void create(String name, String label) {
        ObjectNode service = Api.yaml(Models.inferenceService(namespace, name));
        service.withObject("/metadata").set("labels", Api.yaml(label));
        cluster.api.create(INFERENCE_SERVICE, service);
    }

    private ObjectNode stored(String name) {
        return cluster.api.get(INFERENCE_SERVICE, namespace, name);
    }

    /** As KServe would write it. */
    private void status(String name, String... conditions) {
        ObjectNode service = stored(name);
        service.set("status", Api.yaml("conditions: [%s]".formatted(String.join(", ", conditions))));
        cluster.admin.raw(INFERENCE_SERVICE.path(namespace) + "/" + name + "/status", "PUT", service.toString());
    }

    private void pod(String name, String service, String limits) {
        Pod pod = cluster.admin
                .getKubernetesSerialization()
                .unmarshal("""
                        apiVersion: v1
                        kind: Pod
                        metadata:
                          name: %s
                          namespace: %s
                          labels: {serving.kserve.io/inferenceservice: %s}
                        spec:
                          nodeName: gpu-0
                          terminationGracePeriodSeconds: 600
                          containers: [{name: c, image: example/c, resources: {limits: {%s}}}]
                        """.formatted(name, namespace, service, limits), Pod.class);
        cluster.admin.resource(pod).create();
    }

    /** As the kubelet does at last. */
    private void gone(String name) {
        cluster.admin
                .pods()
                .inNamespace(namespace)
                .withName(name)
                .withGracePeriod(0)
                .delete();
    }

    private Cli done(String out) {
        return new Cli(0, out.formatted(namespace), "");
    }

    private Cli trimtab(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("-n", namespace, "--kubeconfig", kubeconfig()));
        return Cli.run(all.toArray(String[]::new));
    }

    private String kubeconfig() {
        return folder().resolve("kubeconfig").toString();
    }

    private Path folder() {
        return cluster.kubectl.folder();
    }
}

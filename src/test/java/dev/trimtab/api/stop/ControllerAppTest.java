package dev.trimtab.api.stop;

import static dev.trimtab.api.cluster.Api.Kind.EVENT;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.POD_AUTOSCALER;
import static dev.trimtab.api.cluster.Api.Kind.REVISION;
import static dev.trimtab.api.cluster.Api.Kind.SERVING_SCHEDULE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.autoscalers.Autoscalers;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.fakes.FakeKserveController.Release;
import dev.trimtab.api.fakes.PlayedCluster;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The controller as it is shipped: inside of the application, by its own settings, with the policy of the cluster. */
@QuarkusTest
@WithTestResource(value = ApiServerResource.class, initArgs = @ResourceArg(name = "controller", value = "true"))
@ExtendWith(NeedsApiServer.class)
class ControllerAppTest extends ApiTest {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("EEE", Locale.ENGLISH);
    private static final String QUICK =
            Cluster.DEFAULT_POLICY + "stop: {gracePeriod: 1s, nativeTimeout: 2s}\nlifecycle: {nativeStop: Never}\n";

    @Test
    @DisplayName("it leads, stops a service by the policy in force, and says so in its metrics")
    void stopsAndCounts() {
        cluster.removeServices();
        cluster.policy(QUICK);
        Eventually.holds("it leads", () -> !holder().isEmpty());
        try (PlayedCluster played = new PlayedCluster(cluster.kserve.api(), namespace, Release.WITHOUT_STOP)) {
            Scene scene = new Scene(cluster, namespace, Sample.STANDARD_HPA, played);
            scene.createAndRun();
            Eventually.holds(
                    "none is stopped", () -> metric("trimtab_services_stopped").equals("0.0"));

            // What another test has stopped may be released now too.
            double before = Double.parseDouble("0" + metric("trimtab_release_seconds_count"));
            scene.stop();
            scene.says("Released", 1);

            Eventually.holds("metrics", () -> metric("trimtab_services_stopped").equals("1.0"));
            Eventually.holds("GPUs", () -> metric("trimtab_gpus_released{resource=\"nvidia.com/gpu\",}")
                    .equals("4.0"));
            assertThat(Double.parseDouble("0" + metric("trimtab_release_seconds_count")))
                    .isEqualTo(before + 1);

            scene.start();
            scene.says("Started", 1);
            Eventually.holds(
                    "none is stopped", () -> metric("trimtab_services_stopped").equals("0.0"));
            Eventually.holds("no GPUs", () -> !get("/metrics").contains("trimtab_gpus_released{"));
        }
    }

    @Test
    @DisplayName(
            "a schedule stops a service at once if its time is over; who keeps it up has it up, until the keep ends")
    void schedule() {
        cluster.removeServices();
        cluster.policy(QUICK);
        Eventually.holds("it leads", () -> !holder().isEmpty());
        String another = DAY.format(ZonedDateTime.now(ZoneOffset.UTC).plusDays(3));
        try (PlayedCluster played = new PlayedCluster(cluster.kserve.api(), namespace, Release.WITH_STOP)) {
            Scene scene = new Scene(cluster, namespace, Sample.STANDARD_HPA, played);
            scene.createAndRun();
            var unused = cluster.api.change(INFERENCE_SERVICE, namespace, Sample.NAME, it -> it.withObject("/metadata")
                    .withObject("labels")
                    .put("tier", "dev"));
            cluster.api.create(SERVING_SCHEDULE, Api.yaml("""
                    apiVersion: trimtab.dev/v1alpha1
                    kind: ServingSchedule
                    metadata: {name: office, namespace: %s}
                    spec: {selector: {matchLabels: {tier: dev}}, timeZone: UTC, uptime: ["%s 08:00-20:00"]}
                    """.formatted(namespace, another)));
            scene.says("StoppedBySchedule", 1);
            scene.says("Released", 1);
            String labels = "{namespace=\"%s\",schedule=\"office\",}".formatted(namespace);
            Eventually.holds("4 GPUs are released", () -> metric("trimtab_schedule_gpus_released" + labels)
                    .equals("4.0"));

            scene.annotate("trimtab.dev/keep=up");
            scene.says("StartedBySchedule", 1);
            scene.runs();
            Eventually.holds("none is released", () -> metric("trimtab_schedule_gpus_released" + labels)
                    .equals("0.0"));

            scene.annotate("trimtab.dev/keep-");
            scene.says("StoppedBySchedule", 2);
        }
        var unused = cluster.kubectl.run("", List.of("delete", "servingschedule", "office", "-n", namespace));
        Eventually.holds("no metrics", () -> !get("/metrics").contains("trimtab_schedule_ready{"));
    }

    @Test
    @DisplayName(
            "a policy that cannot be read gets in: the leader says on the ConfigMap what is in force instead, once")
    void invalidPolicy() {
        cluster.removePolicyCheck();
        cluster.storePolicy(Cluster.DEFAULT_POLICY + "mode: audit\n");

        Eventually.holds("an Event", () -> !said("trimtab").isEmpty());
        assertThat(said("trimtab")).singleElement().satisfies(event -> {
            assertThat(event.getType()).isEqualTo("Warning");
            assertThat(event.getInvolvedObject().getName()).isEqualTo("trimtab-policy");
            assertThat(event.getMessage())
                    .startsWith(
                            "mode Audit with the built-in defaults is in force until it is mended: policy.yaml:3:7: mode:");
        });
    }

    private List<Event> said(String where) {
        return cluster.admin.v1().events().inNamespace(where).list().getItems().stream()
                .filter(it -> it.getReason().equals("PolicyInvalid"))
                .toList();
    }

    @Test
    @DisplayName("config-autoscaler is tightened: Revisions are repaired within seconds, with an Event and a metric")
    void repairs() {
        cluster.awaitNoRevisions();
        cluster.configure("config-autoscaler", Map.of("allow-zero-initial-scale", "true"));
        cluster.api.create(REVISION, Api.yaml("""
                apiVersion: serving.knative.dev/v1
                kind: Revision
                metadata:
                  name: hello-00001
                  namespace: %s
                  labels: {serving.knative.dev/service: hello}
                  annotations: {autoscaling.knative.dev/max-scale: "0", autoscaling.knative.dev/initial-scale: "0"}
                spec: {containers: [{image: example/hello}]}
                """.formatted(namespace)));

        cluster.configure("config-autoscaler", Map.of("max-scale-limit", "10", "max-scale", "6"));

        Eventually.holds("repaired", () -> annotation("max-scale").equals("10"));
        assertThat(annotation("initial-scale")).isEqualTo("1");
        Eventually.holds("said", () -> cluster.api.list(EVENT, namespace).stream()
                .anyMatch(it -> it.path("reason").asText().equals("RevisionRepaired")
                        && it.at("/involvedObject/kind").asText().equals("Revision")));
        assertThat(metric("trimtab_revisions_repaired_total")).isEqualTo("1.0");
    }

    @Test
    @DisplayName("mode: Audit: what is stopped is looked at and spoken of, and nothing done about it")
    void audit() {
        cluster.policy(QUICK + "mode: Audit\n");
        Eventually.holds("it leads", () -> !holder().isEmpty());
        try (PlayedCluster played = new PlayedCluster(cluster.kserve.api(), namespace, Release.WITHOUT_STOP)) {
            Scene scene = new Scene(cluster, namespace, Sample.GRAPH, played);
            scene.create();
            Eventually.holds(
                    "a Knative Service", () -> scene.all(KNATIVE_SERVICE).size() == 1);

            scene.stop();
            scene.says("Stopping", 1);
            cluster.policy(QUICK);
            scene.says("TakingDown", 1);

            assertThat(scene.events("Stopping").size()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName(
            "two PodAutoscalers of one target at once: one is refused, or both are told, and when one is gone the other is too")
    void twoAtOnce() {
        Autoscalers autoscalers = new Autoscalers(cluster, settings, namespace);
        List<CompletableFuture<Boolean>> created = Stream.of("first", "second")
                .map(name -> CompletableFuture.supplyAsync(() -> isTaken(autoscalers.sound(name, "llama"))))
                .toList();
        List<Boolean> taken = created.stream().map(CompletableFuture::join).toList();
        assertThat(taken).contains(true);
        if (taken.contains(false)) {
            // The watch was faster than the second request; as with Trimtab down, then.
            cluster.removePolicyCheck();
            assertThat(isTaken(autoscalers.sound(taken.get(0) ? "second" : "first", "llama")))
                    .isTrue();
        }

        for (String name : List.of("first", "second")) {
            Eventually.holds(
                    "told",
                    () -> autoscalers.events(name, "PodAutoscalerConflict").size() == 1);
        }
        assertThat(autoscalers.events("second", "PodAutoscalerConflict"))
                .containsExactly(
                        "spec.scaleTargetRef: Deployment %1$s/llama is scaled by PodAutoscaler %1$s/first too: AIBrix"
                                        .formatted(namespace)
                                + " heeds the one that it saw first; keep one of them (A1)");

        autoscalers.delete("first");
        Eventually.holds(
                "over",
                () -> autoscalers.events("second", "PodAutoscalerConflictGone").size() == 1);
        assertThat(autoscalers.events("second", "PodAutoscalerConflict")).hasSize(1);
    }

    private boolean isTaken(ObjectNode autoscaler) {
        try {
            return cluster.api.create(POD_AUTOSCALER, autoscaler).has("metadata");
        } catch (KubernetesClientException refused) {
            assertThat(refused.getMessage()).contains("denied the request: trimtab: spec.scaleTargetRef: ");
            return false;
        }
    }

    private String annotation(String key) {
        ObjectNode revision = cluster.api.get(REVISION, namespace, "hello-00001");
        return revision.at("/metadata/annotations/autoscaling.knative.dev~1" + key)
                .asText();
    }

    private String holder() {
        Lease lease = cluster.admin
                .leases()
                .inNamespace("trimtab")
                .withName("trimtab-controller")
                .get();
        return lease == null || lease.getSpec().getHolderIdentity() == null
                ? ""
                : lease.getSpec().getHolderIdentity();
    }

    private String metric(String name) {
        return get("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElse("");
    }
}

package dev.trimtab.controller.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.controller.ControllerSettings;
import dev.trimtab.controller.MemoryCluster;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.RawClient;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.rules.Facts.ClusterFacts;
import dev.trimtab.schedule.ScheduleRef;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.yaml.YamlStream;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A cluster in memory with services and schedules, and the reconciler, of which each pass is run by the test. */
final class ScheduleStage implements AutoCloseable {
    static final String STOP = "serving.kserve.io/stop";
    static final String MARK = "trimtab.dev/stopped-by";
    private static final String KSERVE = "serving.kserve.io";
    private static final String TRIMTAB = "trimtab.dev";

    /** A Monday at noon. */
    static final String NOON = "2026-11-30T12:00:00+01:00[Europe/Berlin]";

    final MemoryCluster cluster = new MemoryCluster();
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final ScheduleRef ref = new ScheduleRef("ml", "office");
    Policy policy = Policy.BUILT_IN;
    private ScheduleReconciler reconciler;

    ScheduleStage() {
        create("namespaces", "{apiVersion: v1, kind: Namespace, metadata: {name: ml}}");
        at(NOON);
        anotherController();
    }

    /** Another process leads, and remembers nothing. */
    void anotherController() {
        RawClient objects = new RawClient(cluster.client);
        ControllerSettings settings = new ControllerSettings(
                () -> policy,
                () -> KnativeConfig.DEFAULTS,
                () -> Optional.of(ClusterView.UNKNOWN),
                () -> DeploymentMode.KNATIVE,
                (kind, mode) -> true,
                List::of,
                () -> new Settings(policy, KnativeConfig.DEFAULTS, ClusterFacts.NONE),
                Set.of("kube-system"));
        metrics.clear();
        reconciler = new ScheduleReconciler(
                objects,
                settings,
                new EventRecorder(objects, cluster.clock),
                new ScheduleMetrics(metrics),
                cluster.clock,
                () -> true);
    }

    void at(String time) {
        Instant moment = ZonedDateTime.parse(time).toInstant();
        cluster.clock.move(Duration.between(cluster.clock.instant(), moment));
    }

    void pass(Duration time) {
        cluster.clock.move(time);
    }

    void audit() {
        policy = policy.withMode(Mode.AUDIT);
    }

    void schedule(String spec) {
        schedule("office", spec);
    }

    /** Office hours of everything that has the label, with more of a spec. */
    void schedule(String name, String spec) {
        String yaml = """
                apiVersion: trimtab.dev/v1alpha1
                kind: ServingSchedule
                metadata: {name: %s, namespace: ml, generation: 1}
                spec:
                  selector: {matchLabels: {tier: dev}}
                  timeZone: Europe/Berlin
                  uptime: ["Mon-Fri 08:00-20:00"]
                """.formatted(name);
        create("servingschedules", yaml + spec.indent(2));
    }

    void editSchedule(String spec) {
        JsonNode changes = YamlStream.read(spec).get(0).content();
        cluster.edit(TRIMTAB, "servingschedules", "ml", "office", it -> changes.properties()
                .forEach(change -> it.withObject("/spec").set(change.getKey(), change.getValue())));
    }

    /** Deletes it as a person does: a finalizer keeps it. */
    void deleteSchedule() {
        cluster.edit(TRIMTAB, "servingschedules", "ml", "office", it -> it.withObject("/metadata")
                .put("deletionTimestamp", cluster.clock.instant().toString()));
    }

    boolean hasSchedule() {
        return cluster.find(TRIMTAB, "servingschedules", "ml", "office").isPresent();
    }

    /** A service that runs, ready, with pods that hold GPUs. */
    void service(String name, int gpus) {
        create("inferenceservices", """
                apiVersion: serving.kserve.io/v1beta1
                kind: InferenceService
                metadata: {name: %s, namespace: ml, uid: uid-%s, labels: {tier: dev}}
                spec:
                  predictor:
                    minReplicas: 1
                    model: {modelFormat: {name: vllm}, resources: {limits: {nvidia.com/gpu: "%d"}}}
                """.formatted(name, name, gpus));
        ready(name);
        create("pods", """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s-1, namespace: ml, labels: {serving.kserve.io/inferenceservice: %s}}
                spec: {nodeName: gpu-0, containers: [{name: main, resources: {limits: {nvidia.com/gpu: %d}}}]}
                """.formatted(name, name, gpus));
    }

    void ready(String name) {
        conditions(name, "[{type: Ready, status: \"True\"}, {type: Stopped, status: \"False\"}]");
    }

    /** As KServe does when it sees the stop annotation. */
    void down(String name) {
        conditions(name, "[{type: Ready, status: \"False\"}, {type: Stopped, status: \"True\"}]");
        cluster.remove("", "pods", "ml", name + "-1");
    }

    private void conditions(String name, String yaml) {
        edit(name, it -> it.withObject("/status")
                .set("conditions", YamlStream.read(yaml).get(0).content()));
    }

    private void edit(String name, Consumer<ObjectNode> how) {
        cluster.edit(KSERVE, "inferenceservices", "ml", name, how);
    }

    void annotate(String name, String key, String value) {
        edit(name, it -> it.withObject("/metadata").withObject("annotations").put(key, value));
    }

    void withoutAnnotation(String name, String key) {
        edit(name, it -> it.withObject("/metadata").withObject("annotations").remove(key));
    }

    /** As kubectl annotate does. */
    void stopByHand(String name) {
        annotate(name, STOP, "true");
        edit(name, it -> it.withObject("/metadata")
                .set("managedFields", YamlStream.read("""
                        - manager: kubectl-annotate
                          fieldsV1: {f:metadata: {f:annotations: {"f:serving.kserve.io/stop": {}}}}
                        """).get(0).content()));
    }

    void label(String name, String key, String value) {
        edit(name, it -> it.withObject("/metadata").withObject("labels").put(key, value));
    }

    ObjectNode find(String name) {
        return cluster.find(KSERVE, "inferenceservices", "ml", name).orElseThrow();
    }

    boolean isStopped(String name) {
        return annotation(name, STOP).equals("true");
    }

    String annotation(String name, String key) {
        return find(name).path("metadata").path("annotations").path(key).asText("");
    }

    void create(String plural, String yaml) {
        ObjectNode unused = cluster.create(plural, yaml);
    }

    Optional<Duration> reconcile() {
        return reconciler.reconcile(ref);
    }

    void run() {
        var unused = reconcile();
    }

    /** And what KServe does then: what is stopped goes down. */
    void runAndStop() {
        run();
        cluster.all(KSERVE, "inferenceservices").stream()
                .map(it -> it.at("/metadata/name").asText())
                .filter(this::isStopped)
                .forEach(this::down);
    }

    JsonNode status() {
        return cluster.find(TRIMTAB, "servingschedules", "ml", "office")
                .orElseThrow()
                .path("status");
    }

    String reason() {
        return status().at("/conditions/0/reason").asText();
    }

    String message() {
        return status().at("/conditions/0/message").asText();
    }

    List<String> said(String name) {
        return new ArrayList<>(cluster.said(name));
    }

    @Override
    public void close() {
        cluster.close();
    }
}

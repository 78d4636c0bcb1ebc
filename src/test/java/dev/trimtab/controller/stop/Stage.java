package dev.trimtab.controller.stop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.controller.ControllerSettings;
import dev.trimtab.controller.MemoryCluster;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.RawClient;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.Policy.Lifecycle;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.policy.Policy.NativeStop;
import dev.trimtab.rules.Facts.ClusterFacts;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.yaml.YamlStream;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** A cluster in memory with an InferenceService or InferenceGraph, and the controller, of which each pass is run by the test. */
final class Stage implements AutoCloseable {
    static final String NAMESPACE = "ml";
    static final String NAME = "llama";
    static final String STOP = "serving.kserve.io/stop";
    private static final String KSERVE = "serving.kserve.io";

    final MemoryCluster cluster = new MemoryCluster();
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final ServiceRef ref;
    Policy policy = policy(
            Mode.ENFORCE,
            new Lifecycle(Duration.ofSeconds(30), Duration.ofSeconds(3), NativeStop.AUTO, Duration.ofMinutes(30)));
    boolean leading = true;
    boolean watched = true;
    boolean nativeStop;
    private ServiceReconciler controller;

    Stage() {
        this(Stoppable.INFERENCE_SERVICE);
    }

    Stage(Stoppable kind) {
        ref = new ServiceRef(kind, NAMESPACE, NAME);
        cluster.create("namespaces", "{apiVersion: v1, kind: Namespace, metadata: {name: ml}}");
        ObjectNode unused =
                cluster.create(kind.plural(), """
                apiVersion: serving.kserve.io/%s
                kind: %s
                metadata: {name: llama, namespace: ml, uid: uid-llama, generation: 1}
                """.formatted(kind.resource().version(), kind.kindName()));
        controller = another();
    }

    private ServiceReconciler another() {
        RawClient objects = new RawClient(cluster.client, () -> leading);
        ControllerSettings settings = new ControllerSettings(
                () -> policy,
                () -> KnativeConfig.DEFAULTS,
                () -> Optional.of(ClusterView.UNKNOWN),
                () -> DeploymentMode.KNATIVE,
                (kind, mode) -> nativeStop,
                List::of,
                () -> new Settings(policy, KnativeConfig.DEFAULTS, ClusterFacts.NONE),
                Set.of("kube-system"));
        return ServiceReconciler.of(
                objects,
                settings,
                new StoppedServices(metrics),
                new EventRecorder(objects, cluster.clock),
                cluster.clock,
                () -> leading,
                () -> watched);
    }

    /** Another process leads, and remembers nothing. */
    void newLeader() {
        metrics.clear();
        controller = another();
    }

    Optional<Duration> reconcile() {
        return controller.reconcile(ref);
    }

    /** Pass by pass, with the pauses that the controller asks for, until it asks for none or a long one. */
    void settle() {
        Optional<Duration> next = reconcile();
        for (int i = 0;
                i < 200
                        && next.filter(it -> it.compareTo(Duration.ofSeconds(30)) < 0)
                                .isPresent();
                i++) {
            cluster.pass(next.get(), true);
            cluster.collectGarbage();
            next = reconcile();
        }
    }

    void audit() {
        policy = policy(Mode.AUDIT, policy.lifecycle());
    }

    private static Policy policy(Mode mode, Lifecycle lifecycle) {
        Policy it = Policy.BUILT_IN;
        return new Policy(
                mode,
                it.conflicts(),
                it.scaling(),
                it.timeoutsFactor(),
                it.gpu(),
                it.pinDefaults(),
                it.namespaceProfiles(),
                lifecycle,
                it.aibrix(),
                it.defaultDeploymentMode(),
                it.profiles());
    }

    ObjectNode service() {
        return cluster.find(KSERVE, ref.kind().plural(), NAMESPACE, NAME).orElseThrow();
    }

    void annotate(String key, String value) {
        edit(it -> it.withObject("/metadata").withObject("annotations").put(key, value));
    }

    void stop() {
        annotate(STOP, "true");
    }

    void start() {
        edit(it -> it.withObject("/metadata").withObject("annotations").remove(STOP));
    }

    void edit(Consumer<ObjectNode> how) {
        cluster.edit(KSERVE, ref.kind().plural(), NAMESPACE, NAME, how);
    }

    /** KServe writes the status. */
    void status(String yaml) {
        edit(it -> it.set("status", YamlStream.read(yaml).get(0).content()));
    }

    /** The conditions, such as {@code Ready=True}. */
    List<String> conditions() {
        List<String> all = new ArrayList<>();
        service()
                .at("/status/conditions")
                .forEach(it -> all.add(
                        it.path("type").asText() + "=" + it.path("status").asText()));
        return all;
    }

    List<String> said() {
        return cluster.said(NAME);
    }

    /** A Deployment as KServe makes it in Standard mode, its ReplicaSet, and one pod with 2 GPUs on a node. */
    void runDeployment() {
        runDeployment("1");
    }

    /** As a KServe without a stop does when its Deployment is gone. */
    void runDeploymentAgain() {
        runDeployment("2");
    }

    private void runDeployment(String hash) {
        String name = NAME + "-predictor";
        String deployment = create("deployments", "apps/v1", "Deployment", name);
        String replicaSet = create(
                "replicasets", "apps/v1", "ReplicaSet", name + "-" + hash, owner("Deployment", name, deployment));
        String pod = name + "-" + hash + "-a";
        String unused = create("pods", "v1", "Pod", pod, owner("ReplicaSet", name + "-" + hash, replicaSet));
    }

    /** @return the UID of what the service owns */
    String create(String plural, String apiVersion, String kind, String name) {
        String service = "apiVersion: %s/%s, kind: %s, name: llama, uid: uid-llama, controller: true"
                .formatted(KSERVE, ref.kind().resource().version(), ref.kind().kindName());
        return create(plural, apiVersion, kind, name, service);
    }

    /** @return the UID of what an object of {@code apps/v1} owns */
    String create(String plural, String apiVersion, String kind, String name, String owner) {
        String uid = UUID.randomUUID().toString();
        ObjectNode unused = cluster.create(plural, """
                apiVersion: %s
                kind: %s
                metadata:
                  name: %s
                  namespace: ml
                  uid: %s
                  labels: {%s: llama, component: predictor}
                  ownerReferences: [{%s}]
                spec:
                  nodeName: gpu-0
                  terminationGracePeriodSeconds: %d
                  containers: [{name: main, resources: {limits: {nvidia.com/gpu: 2}}}]
                """.formatted(
                        apiVersion, kind, name, uid, ref.kind().nameLabel(), owner, kind.equals("Pod") ? 600 : 0));
        return uid;
    }

    static String owner(String kind, String name, String uid) {
        return "apiVersion: apps/v1, kind: %s, name: %s, uid: %s, controller: true".formatted(kind, name, uid);
    }

    List<String> names(String group, String plural) {
        return cluster.all(group, plural).stream()
                .map(it -> it.at("/metadata/name").asText())
                .toList();
    }

    @Override
    public void close() {
        cluster.close();
    }
}

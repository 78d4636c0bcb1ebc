package dev.trimtab.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.gpu.GpuCount;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.lifecycle.Child.ChildKind;
import dev.trimtab.lifecycle.HeldPods.HeldPod;
import dev.trimtab.lifecycle.StopPlan.Phase;
import dev.trimtab.lifecycle.StoppingPod.Ownership;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Policy.Lifecycle;
import dev.trimtab.policy.Policy.NativeStop;
import dev.trimtab.yaml.YamlStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is done when, one thing at a time. */
class StopPlanTest {
    private static final Instant STOP = Instant.parse("2026-11-22T10:00:00Z");
    private static final Lifecycle POLICY =
            new Lifecycle(Duration.ofSeconds(30), Duration.ofSeconds(60), NativeStop.AUTO, Duration.ofMinutes(30));

    @Test
    @DisplayName("KServe has its time: nothing is taken down before, everything after")
    void overdue() {
        Views view = new Views().child(ChildKind.KNATIVE_SERVICE, "llama-predictor", "predictor", -3600);

        assertThat(view.at(59).steps()).isEmpty();
        assertThat(view.at(60).steps())
                .extracting(Step::toString)
                .containsExactly("delete Knative Service llama-predictor");
        assertThat(view.policy(NativeStop.NEVER).at(0).steps()).hasSize(1);
        assertThat(view.policy(NativeStop.ALWAYS).at(60).steps()).hasSize(1);
    }

    @Test
    @DisplayName("scalers first, then what holds pods in KServe's order, then the ways to it")
    void order() {
        StopPlan plan = new Views()
                .child(ChildKind.SERVICE, "llama", "", -1)
                .child(ChildKind.HTTP_ROUTE, "llama", "", -1)
                .child(ChildKind.DEPLOYMENT, "llama-explainer", "explainer", -1)
                .child(ChildKind.DEPLOYMENT, "llama-predictor", "predictor", -1)
                .child(ChildKind.SCALED_OBJECT, "llama-predictor", "predictor", -1)
                .child(ChildKind.DEPLOYMENT, "llama-transformer", "transformer", -1)
                .child(ChildKind.HORIZONTAL_POD_AUTOSCALER, "llama-transformer", "transformer", -1)
                .at(60);

        assertThat(plan.steps())
                .extracting(Step::toString)
                .containsExactly(
                        "delete HorizontalPodAutoscaler llama-transformer",
                        "delete ScaledObject llama-predictor",
                        "delete Deployment llama-predictor",
                        "delete Deployment llama-transformer",
                        "delete Deployment llama-explainer",
                        "delete HTTPRoute llama",
                        "delete Service llama");
    }

    @Test
    @DisplayName("made again since the stop: what holds pods is held, what holds none is left to KServe")
    void madeAgain() {
        StopPlan plan = new Views()
                .child(ChildKind.DEPLOYMENT, "llama-predictor", "predictor", 61)
                .child(ChildKind.SERVICE, "llama-predictor", "predictor", 61)
                .child(ChildKind.DEPLOYMENT, "in-the-same-second", "", 0)
                .at(70);

        assertThat(plan.steps())
                .extracting(Step::toString)
                .containsExactly("hold Deployment llama-predictor", "delete Deployment in-the-same-second");
    }

    @Test
    @DisplayName("a component with an annotation of its own is neither taken down nor ended")
    void runsOn() {
        StopPlan plan = new Views()
                .spec("transformer: {annotations: {serving.kserve.io/stop: \"no\"}}")
                .child(ChildKind.KNATIVE_SERVICE, "llama-transformer", "transformer", -1)
                .pod("transformer", Ownership.OURS, 0, 600)
                .at(3600);

        assertThat(plan.steps()).isEmpty();
        assertThat(plan.phase()).isEqualTo(Phase.STOPPING);
        assertThat(plan.blocks()).contains("spec.transformer.annotations says serving.kserve.io/stop: \"no\"");
    }

    @Test
    @DisplayName("a component with an annotation of its own keeps up nothing but itself")
    void runsOnAlone() {
        StopPlan plan = new Views()
                .spec("transformer: {annotations: {serving.kserve.io/stop: \"no\"}}")
                .child(ChildKind.KNATIVE_SERVICE, "llama-predictor", "predictor", -1)
                .child(ChildKind.KNATIVE_SERVICE, "llama-transformer", "transformer", -1)
                .at(3600);

        assertThat(plan.steps()).extracting(Step::toString).containsExactly("delete Knative Service llama-predictor");
    }

    @Test
    @DisplayName("the next look is when KServe's time or the grace of a pod is over, whichever comes first")
    void nextDeadline() {
        Views pod = new Views().pod("predictor", Ownership.OURS, 5, 30);

        assertThat(pod.view(20).nextDeadline()).contains(STOP.plusSeconds(40));
        assertThat(pod.view(40).nextDeadline()).contains(STOP.plusSeconds(60));
        assertThat(pod.view(60).nextDeadline()).isEmpty();
        assertThat(pod.policy(NativeStop.NEVER).view(40).nextDeadline())
                .as("there is no time of KServe to wait for")
                .isEmpty();
    }

    @Test
    @DisplayName("an LLMInferenceService is KServe's to take down; its pods are ended in time all the same")
    void llm() {
        StopPlan plan = new Views()
                .kind(Stoppable.LLM_INFERENCE_SERVICE)
                .child(ChildKind.DEPLOYMENT, "llama-kserve", "", -1)
                .pod("", Ownership.OURS, 0, 600)
                .at(3600);

        assertThat(plan.steps()).extracting(Step::toString).containsExactly("end pod llama within 0 s");
    }

    @Test
    @DisplayName("a long grace becomes the policy's; a shorter one stays; a little after the policy's it is 0")
    void grace() {
        assertThat(new Views().pod("predictor", Ownership.OURS, 5, 600).at(5).steps())
                .extracting(Step::toString)
                .containsExactly("end pod llama within 30 s");
        assertThat(new Views().pod("predictor", Ownership.OURS, 5, 30).at(5).steps())
                .isEmpty();
        assertThat(new Views().pod("predictor", Ownership.OURS, 5, 30).at(39).steps())
                .isEmpty();
        assertThat(new Views().pod("predictor", Ownership.OURS, 5, 30).at(40).steps())
                .extracting(Step::toString)
                .containsExactly("end pod llama within 0 s");
        assertThat(new Views()
                        .annotation("trimtab.dev/stop-grace-seconds: \"0\"")
                        .pod("predictor", Ownership.OURS, 5, 600)
                        .at(5)
                        .steps())
                .extracting(Step::toString)
                .containsExactly("end pod llama within 0 s");
    }

    @Test
    @DisplayName("whose pods are ended: ours; orphaned ones that were asked to end since the stop; never others")
    void whose() {
        assertThat(new Views().pod("", Ownership.ORPHANED, 5, 600).at(5).steps())
                .hasSize(1);
        assertThat(new Views().pod("", Ownership.ORPHANED, -5, 600).at(5).steps())
                .isEmpty();
        assertThat(new Views().pod("", Ownership.OURS, -5, 600).at(5).steps()).hasSize(1);
        assertThat(new Views().pod("", Ownership.UNKNOWN, 5, 600).at(5).steps()).isEmpty();
        assertThat(new Views().pod("", Ownership.OTHERS, 5, 600).at(5).steps()).isEmpty();
    }

    @Test
    @DisplayName("released: no pod, nothing that makes one, and KServe has said so or had its time")
    void released() {
        assertThat(new Views().at(59).phase()).isEqualTo(Phase.STOPPING);
        assertThat(new Views().at(60).phase()).isEqualTo(Phase.RELEASED);
        assertThat(new Views().status("{type: Stopped, status: \"True\"}").at(1).phase())
                .isEqualTo(Phase.RELEASED);
        assertThat(new Views().pod("", Ownership.UNKNOWN, 5, 0).at(60).phase()).isEqualTo(Phase.STOPPING);
        assertThat(new Views().maker("ReplicaSet llama").at(60).phase()).isEqualTo(Phase.STOPPING);
        assertThat(new Views()
                        .child(ChildKind.KNATIVE_SERVICE, "llama-predictor", "predictor", -1)
                        .at(60)
                        .phase())
                .isEqualTo(Phase.STOPPING);
        assertThat(new Views().child(ChildKind.SERVICE, "llama", "", 61).at(62).phase())
                .as("a Service holds nothing")
                .isEqualTo(Phase.RELEASED);
    }

    @Test
    @DisplayName("a child in deletion counts until it is gone; held by Trimtab alone, it starts no pod any more")
    void heldChild() {
        assertThat(new Views().child(true, List.of()).at(60).phase()).isEqualTo(Phase.STOPPING);
        assertThat(new Views().child(false, List.of(Child.FINALIZER)).at(60).phase())
                .isEqualTo(Phase.STOPPING);
        assertThat(new Views().child(true, List.of(Child.FINALIZER)).at(60).phase())
                .isEqualTo(Phase.RELEASED);
    }

    @Test
    @DisplayName("Audit: the same plan without a step")
    void audit() {
        StopPlan plan = new Views()
                .child(ChildKind.KNATIVE_SERVICE, "llama-predictor", "predictor", -1)
                .pod("", Ownership.UNKNOWN, 5, 30)
                .at(60);

        assertThat(plan.steps()).isNotEmpty();
        assertThat(plan.withoutSteps()).isEqualTo(new StopPlan(plan.phase(), List.of(), plan.blocks(), plan.held()));
    }

    @Test
    @DisplayName("the status is written where KServe writes none, once, when nothing is left that could hold a pod")
    void status() {
        assertThat(new Views().at(60).steps()).singleElement().isInstanceOf(Step.WriteStatus.class);
        assertThat(new Views().nativeStop().at(60).steps()).isEmpty();
        assertThat(new Views()
                        .status("{type: Stopped, status: \"False\"}")
                        .at(60)
                        .steps())
                .as("that is KServe's")
                .isEmpty();
        assertThat(new Views()
                        .status("{type: Stopped, status: \"True\", reason: StoppedByTrimtab}")
                        .at(60)
                        .steps())
                .as("it is said")
                .isEmpty();
        assertThat(new Views()
                        .status("{type: Stopped, status: \"False\", reason: StoppedByTrimtab}")
                        .at(60)
                        .steps())
                .as("of the stop before")
                .hasSize(1);
    }

    @Test
    @DisplayName("with a held child the status of an InferenceService is written, that of a graph is left to KServe")
    void statusWithHeldChild() {
        Views held = new Views().child(true, List.of(Child.FINALIZER));

        assertThat(held.at(60).steps()).singleElement().isInstanceOf(Step.WriteStatus.class);
        assertThat(held.kind(Stoppable.INFERENCE_GRAPH).at(60).steps()).isEmpty();
        assertThat(new Views().kind(Stoppable.INFERENCE_GRAPH).at(60).steps())
                .singleElement()
                .isInstanceOf(Step.WriteStatus.class);
    }

    @Test
    @DisplayName(
            "what keeps KServe from stopping is said when its time is over, and only of a KServe that can stop the service")
    void blocks() {
        String notSaid = "KServe has not set Stopped";

        assertThat(held().nativeStop().at(59).blocks()).isEmpty();
        assertThat(held().nativeStop().at(60).blocks()).containsExactly(notSaid);
        assertThat(held().at(60).blocks())
                .as("a KServe without a stop: Trimtab takes the service down")
                .isEmpty();
        assertThat(held().kind(Stoppable.LLM_INFERENCE_SERVICE).at(60).blocks())
                .containsExactly("KServe has not set MainWorkloadReady to False with reason Stopped");
        assertThat(held().nativeStop()
                        .annotation("serving.kserve.io/disable-auto-update: \"true\"")
                        .annotation("serving.kserve.io/deploymentMode: Serverless")
                        .at(60)
                        .blocks())
                .containsExactly(
                        notSaid,
                        "serving.kserve.io/disable-auto-update keeps KServe from acting",
                        "KServe 0.16.0 refuses to write deploymentMode Serverless");
    }

    @Test
    @DisplayName(
            "pods that nobody ends are said: one with finalizers when its grace is over, a stranger when KServe's time is over")
    void blockingPods() {
        String finalizers = "pod llama has finalizers, which another controller must remove";
        String stranger = "pod llama has its label and is not owned by it: never deleted";

        assertThat(new Views().finalizers(5, 30).at(39).blocks()).isEmpty();
        assertThat(new Views().finalizers(5, 30).at(40).blocks()).containsExactly(finalizers);
        assertThat(new Views().pod("", Ownership.OURS, 5, 30).at(40).blocks()).isEmpty();
        assertThat(new Views().pod("", Ownership.UNKNOWN, 5, 30).at(59).blocks())
                .isEmpty();
        assertThat(new Views().pod("", Ownership.UNKNOWN, 5, 30).at(60).blocks())
                .containsExactly(stranger);
    }

    @Test
    @DisplayName("ModelMesh: nothing but the word that it cannot be")
    void modelMesh() {
        StopPlan plan = new Views()
                .annotation("serving.kserve.io/deploymentMode: ModelMesh")
                .child(ChildKind.DEPLOYMENT, "llama", "", -1)
                .at(3600);

        assertThat(plan.phase()).isEqualTo(Phase.NOT_SUPPORTED);
        assertThat(plan.steps()).isEmpty();
    }

    /** A service that still has a pod: while one is left, the stop is not done. */
    private static Views held() {
        return new Views().pod("predictor", Ownership.OURS, 5, 30);
    }

    /** A stopped service, built up piece by piece; times are seconds after the stop. */
    private static final class Views {
        private Stoppable kind = Stoppable.INFERENCE_SERVICE;
        private String annotations = "serving.kserve.io/stop: \"true\"";
        private String spec = "predictor: {}";
        private String status = "";
        private Lifecycle policy = POLICY;
        private boolean isNative;
        private final List<Child> children = new ArrayList<>();
        private final List<String> makers = new ArrayList<>();
        private final List<StoppingPod> pods = new ArrayList<>();

        Views kind(Stoppable other) {
            kind = other;
            return this;
        }

        Views annotation(String more) {
            annotations += ", " + more;
            return this;
        }

        Views spec(String more) {
            spec += ", " + more;
            return this;
        }

        Views status(String conditions) {
            status = conditions;
            return this;
        }

        Views policy(NativeStop nativeStop) {
            policy =
                    new Lifecycle(policy.stopGracePeriod(), policy.nativeTimeout(), nativeStop, policy.startDeadline());
            return this;
        }

        Views nativeStop() {
            isNative = true;
            return this;
        }

        Views child(ChildKind childKind, String name, String component, long created) {
            children.add(new Child(
                    childKind,
                    "ml",
                    name,
                    "uid",
                    "1",
                    component,
                    Optional.of(STOP.plusSeconds(created)),
                    false,
                    List.of()));
            return this;
        }

        Views child(boolean terminating, List<String> finalizers) {
            children.add(new Child(
                    ChildKind.DEPLOYMENT, "ml", "llama", "uid", "1", "", Optional.of(STOP), terminating, finalizers));
            return this;
        }

        Views maker(String name) {
            makers.add(name);
            return this;
        }

        Views pod(String component, Ownership ownership, long asked, long grace) {
            return pod(component, ownership, asked, grace, false);
        }

        Views finalizers(long asked, long grace) {
            return pod("", Ownership.OURS, asked, grace, true);
        }

        private Views pod(String component, Ownership ownership, long asked, long grace, boolean finalizers) {
            HeldPod held =
                    new HeldPod("ml", "llama", "node", true, Optional.of(STOP.plusSeconds(asked)), GpuCount.NONE);
            pods.add(new StoppingPod(held, "uid", component, Duration.ofSeconds(grace), finalizers, ownership));
            return this;
        }

        StopPlan at(long seconds) {
            return StopPlan.of(view(seconds));
        }

        ObservedService view(long seconds) {
            ObjectNode service = (ObjectNode) YamlStream.read(
                            """
                    apiVersion: serving.kserve.io/%s
                    kind: %s
                    metadata: {name: llama, namespace: ml, resourceVersion: "7", annotations: {%s}}
                    spec: {%s}
                    status: {conditions: [%s]}
                    """.formatted(kind.resource().version(), kind.kindName(), annotations, spec, status))
                    .get(0)
                    .content();
            return new ObservedService(
                    kind,
                    new Manifest(service),
                    DeploymentMode.of(new Manifest(service), DeploymentMode.KNATIVE),
                    STOP,
                    STOP.plusSeconds(seconds),
                    policy,
                    isNative,
                    children,
                    makers,
                    pods);
        }
    }
}

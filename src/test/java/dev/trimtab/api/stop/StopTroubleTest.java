package dev.trimtab.api.stop;

import static dev.trimtab.api.cluster.Api.Kind.DEPLOYMENT;
import static dev.trimtab.api.cluster.Api.Kind.EVENT;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.POD;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.cluster.Requests;
import dev.trimtab.api.cluster.TestCluster;
import dev.trimtab.api.cluster.Wire;
import dev.trimtab.api.fakes.FakeKserveController.Release;
import dev.trimtab.api.fakes.Refuser;
import dev.trimtab.controller.leader.RunningController;
import dev.trimtab.lifecycle.Child;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The API server goes away, others write at the same time, or refuse: the stop comes true, or says once why not. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class StopTroubleTest extends StopTest {
    private static final Sample STANDARD = Sample.STANDARD_HPA.withSpec("predictor: {}");

    /** How often somebody else is faster, for each object. */
    private static final int TIMES = 3;

    private final Wire wire = new Wire();

    @Test
    @DisplayName("the API server is killed in the middle of a stop, and comes back: released, and started again")
    void restart() {
        controller();
        Scene scene = scene(STANDARD, Release.WITHOUT_STOP);
        scene.createAndRun();
        scene.stop();
        scene.says("TakingDown", 1);
        TestCluster.kill("kube-apiserver");
        TestCluster.start("kube-apiserver");
        isReleased(scene);
        scene.start();
        scene.runs();
        scene.says("Started", 1);
        assertThat(scene.said("Started")).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "somebody else writes each object just before we delete or change it, three times: released all the same")
    void conflicts() {
        cluster.removePolicyCheck();
        controller();
        Scene scene = scene(STANDARD, Release.WITHOUT_STOP);
        scene.createAndRun();
        Map<String, AtomicInteger> overtaken = new ConcurrentHashMap<>();
        wire.overtake(request -> overtake(request, overtaken));
        scene.stop();
        isReleased(scene);
        Eventually.holds("Stopped", () -> scene.condition("Stopped").equals("True"));
        scene.start();
        scene.runs();
        assertThat(overtaken.keySet())
                .anyMatch(it -> it.startsWith("DELETE") && it.contains("/horizontalpodautoscalers/"))
                .anyMatch(it -> it.startsWith("DELETE") && it.contains("/deployments/"))
                .anyMatch(it -> it.startsWith("PATCH") && it.contains("/deployments/"))
                .anyMatch(it -> it.startsWith("PATCH") && it.endsWith("/status"));
        assertThat(scene.events("StopBlocked")).noneMatch(it -> it.contains("hold ") || it.contains("delete "));
    }

    @Test
    @DisplayName(
            "a validator refuses the finalizer that holds a Deployment: said once, tried rarely, done when allowed")
    void finalizerRefused() {
        cluster.removePolicyCheck();
        controller();
        Scene scene = scene(STANDARD, Release.WITHOUT_STOP);
        Refuser refuser = refuser(scene, "deployments");
        scene.createAndRun();
        Eventually.holds("the refuser is asked", () -> {
            annotate(cluster.api.get(DEPLOYMENT, scene.namespace(), "llama-predictor"));
            return refuser.asked() > 0;
        });
        refuser.refuse(it -> it.at("/metadata/finalizers").toString().contains(Child.FINALIZER));
        scene.stop();
        Eventually.holds("StopBlocked", () -> refusals(scene.events("StopBlocked")) > 0);
        isQuiet("/deployments/llama-predictor", 1);
        assertThat(refusals(scene.events("StopBlocked"))).isEqualTo(1);
        assertThat(scene.said("Released")).isZero();

        refuser.refuse(it -> false);
        isReleased(scene);
    }

    @Test
    @DisplayName("KServe's validator refuses the stop of a service that a graph calls: likewise")
    void cascadeRefused() {
        controller();
        Scene scene = scene(Sample.GRAPH.with("trimtab.dev/stop-cascade: \"true\""), Release.WITH_STOP);
        Refuser refuser = refuser(scene, "inferenceservices");
        ObjectNode iris = Sample.KNATIVE.in(scene.namespace());
        iris.withObject("/metadata").put("name", "iris");
        cluster.api.create(INFERENCE_SERVICE, iris);
        scene.createAndRun();
        Eventually.holds("the refuser is asked", () -> {
            annotate(cluster.api.get(INFERENCE_SERVICE, scene.namespace(), "iris"));
            return refuser.asked() > 0;
        });
        refuser.refuse(it -> it.at("/metadata/annotations").has("serving.kserve.io/stop"));
        scene.stop();
        Eventually.holds("StopBlocked", () -> refusals(scene.events("StopBlocked")) > 0);
        scene.says("Released", 1);
        isQuiet("/inferenceservices/iris", 4);
        assertThat(refusals(scene.events("StopBlocked"))).isEqualTo(1);

        refuser.refuse(it -> false);
        Eventually.holds("iris is released", () -> scene.all(EVENT).stream()
                .anyMatch(it -> it.path("reason").asText().equals("Released")
                        && it.at("/involvedObject/name").asText().equals("iris")));
    }

    @Test
    @DisplayName("the annotation comes while nothing is watched: found as soon as it is again")
    void watchGap() {
        String all = "/apis/serving.kserve.io/v1beta1/inferenceservices";
        AtomicInteger lists = new AtomicInteger();
        wire.cut(request -> request.uri().getPath().equals(all) && lists.getAndIncrement() > 0);
        controller();
        Scene scene = scene(Sample.KNATIVE, Release.WITH_STOP);
        scene.createAndRun();
        Eventually.holds("no watch is opened", () -> wire.lost() > 0);
        scene.stop();
        int before = wire.lost();
        Eventually.holds("still none", () -> wire.lost() > before + 1);
        assertThat(scene.said("Stopping")).isZero();
        wire.cut(request -> false);
        isReleased(scene);
    }

    private RunningController controller() {
        RunningController controller =
                closeLast(setup(POLICY, closeLast(trimtabClient(wire))).start());
        Eventually.holds("it leads", controller::isLeading);
        return controller;
    }

    private static void isReleased(Scene scene) {
        scene.says("Released", 1);
        // Where nobody guards, KServe may make a child anew after that: its pods go, too.
        Eventually.holds("no pod", () -> scene.all(POD).isEmpty());
        assertThat(scene.said("Released")).isEqualTo(1);
        assertThat(scene.said("Stopping")).isEqualTo(1);
    }

    private static long refusals(List<String> messages) {
        return messages.stream().filter(it -> it.contains(Refuser.WORDS)).count();
    }

    /** For ten seconds an object is tried so often at most, and few requests are made at all. */
    private void isQuiet(String path, int most) {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        long all = requests();
        long tries = tries(path);
        Eventually.holds("ten seconds", () -> System.nanoTime() > end);
        assertThat(tries(path) - tries).as("tries of " + path).isLessThanOrEqualTo(most);
        // A pass looks at each kind, which makes some thirty.
        assertThat(requests() - all).as("requests").isLessThan(150);
    }

    private long requests() {
        return wire.sent().stream().filter(it -> !it.contains("/leases")).count();
    }

    private long tries(String path) {
        return wire.sent().stream()
                .filter(it -> it.startsWith("PATCH") && it.endsWith(path))
                .count();
    }

    private Refuser refuser(Scene scene, String resources) {
        cluster.admin.namespaces().withName(scene.namespace()).edit(it -> {
            it.getMetadata().setLabels(Map.of("refuser", "yes"));
            return it;
        });
        return closeLast(new Refuser(cluster, resources));
    }

    /** Not pods, which are ended by UID whatever their version. */
    private void overtake(HttpRequest request, Map<String, AtomicInteger> overtaken) {
        String path = request.uri().getPath();
        boolean change = request.method().equals("DELETE") || request.method().equals("PATCH");
        if (!change || path.contains("/pods/") || Requests.isAboutLease(request)) {
            return;
        }
        AtomicInteger times = overtaken.computeIfAbsent(request.method() + " " + path, it -> new AtomicInteger());
        String object = cluster.admin.raw(path.replaceAll("/status$", ""));
        if (object != null && times.getAndIncrement() < TIMES) {
            annotate(Api.json(object));
        }
    }

    private void annotate(ObjectNode object) {
        object.withObject("/metadata/annotations").put("example.com/touched", Long.toString(System.nanoTime()));
        String kind = object.path("kind").asText();
        Api.Kind found = List.of(Api.Kind.values()).stream()
                .filter(it -> it.kindName().equals(kind)
                        && it.version().equals(object.path("apiVersion").asText()))
                .findFirst()
                .orElseThrow();
        ObjectNode unused = cluster.api.update(found, object);
    }
}

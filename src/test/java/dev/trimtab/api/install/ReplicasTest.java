package dev.trimtab.api.install;

import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.cluster.Replica;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two packaged replicas behind a Service that follows their readiness. */
@Tag("packaged")
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class ReplicasTest extends ApiTest {
    private static final int CLIENTS = 16;
    private static final int MODELS = 4;
    private static final int ENDED = 3;

    private final Deque<Replica> replicas = new ArrayDeque<>();
    private final ServiceProxy service = new ServiceProxy();

    @BeforeEach
    void twoAreReady() {
        assumeThat(Replica.JAR)
                .as("not packaged: run mvn -DskipTests package before")
                .exists();
        start();
        start();
        replicas.forEach(this::awaitEndpoint);
        cluster.serveFrom(service.port());
    }

    @AfterEach
    void end() {
        service.close();
        replicas.forEach(Replica::close);
    }

    @Test
    @DisplayName(
            "ended one after the other without pause, while 16 clients apply and KServe reconciles: nothing is lost")
    void oneAfterTheOther() {
        for (int model = 0; model < MODELS; model++) {
            String name = "model-" + model;
            cluster.api.create(INFERENCE_SERVICE, Api.yaml(Models.inferenceService(namespace, name)));
            cluster.kserve.reconcile(INFERENCE_SERVICE, namespace, name);
            cluster.kserve.reconcile(INFERENCE_SERVICE, namespace, name);
        }
        List<String> before = predictors();
        String lostBefore = lostReviews();
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger reconciled = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(CLIENTS + 1);
        try {
            List<CompletableFuture<Integer>> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                String name = "hello-" + client;
                clients.add(CompletableFuture.supplyAsync(() -> applyUntil(done, name), pool));
            }
            CompletableFuture<Void> kserve = CompletableFuture.runAsync(
                    () -> {
                        while (!done.get()) {
                            cluster.kserve.reconcile(
                                    INFERENCE_SERVICE, namespace, "model-" + reconciled.getAndIncrement() % MODELS);
                        }
                    },
                    pool);

            for (int round = 0; round < ENDED; round++) {
                Replica ended = replicas.removeFirst();
                ended.terminate();
                awaitEndpoint(start());
                ended.awaitEnd();
            }
            done.set(true);

            assertThat(clients).allSatisfy(it -> assertThat(it.join()).isPositive());
            kserve.join();
        } finally {
            done.set(true);
            pool.shutdown();
        }
        assertThat(lostReviews()).isEqualTo(lostBefore);
        assertThat(reconciled.get()).isGreaterThan(MODELS);
        assertThat(predictors()).isEqualTo(before);
    }

    /** As dry-runs: they pass every webhook, and start no pods. */
    private int applyUntil(AtomicBoolean done, String name) {
        int filled = 0;
        while (!done.get()) {
            ObjectNode answer =
                    cluster.api.dryRunCreate(KNATIVE_SERVICE, Api.yaml(Models.knativeService(namespace, name, "")));
            assertThat(answer.at("/metadata/annotations/trimtab.dev~1filled").asText())
                    .as("none is unfilled")
                    .isNotEmpty();
            filled++;
        }
        return filled;
    }

    /**
     * What the API server counts of reviews that it got no answer to. A second one may fill what the first one did not: what
     * the objects look like does not tell.
     */
    private String lostReviews() {
        return cluster.admin
                .raw("/metrics")
                .lines()
                .filter(it ->
                        it.startsWith("apiserver_admission_webhook_fail_open_count{name=\"services.trimtab.dev\""))
                .collect(Collectors.joining("\n"));
    }

    /** Generation and template. */
    private List<String> predictors() {
        return IntStream.range(0, MODELS)
                .mapToObj(it -> cluster.api.get(KNATIVE_SERVICE, namespace, "model-" + it + "-predictor"))
                .map(it -> Models.generation(it) + " " + it.at("/spec/template"))
                .toList();
    }

    private Replica start() {
        Replica replica = new Replica(cluster);
        replicas.addLast(replica);
        service.add(replica);
        return replica;
    }

    private void awaitEndpoint(Replica replica) {
        Eventually.holds("a replica is ready", () -> service.has(replica));
    }
}

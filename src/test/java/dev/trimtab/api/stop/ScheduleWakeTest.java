package dev.trimtab.api.stop;

import static dev.trimtab.api.cluster.Api.Kind.EVENT;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.SERVING_SCHEDULE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.fakes.FakeKserveController.Release;
import dev.trimtab.api.fakes.PlayedCluster;
import dev.trimtab.api.stop.Mortals.Death;
import dev.trimtab.schedule.ScheduleRef;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A namespace wakes up in the morning, beside two controllers that are killed at their writes again and again. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class ScheduleWakeTest extends StopTest {
    private static final int SERVICES = 200;
    private static final int MOST_GPUS = 16;

    /** Wants a node that is not there. It is the first to start. */
    private static final String NEVER = "m0";

    /** Of the service that never gets ready: this long it may hold others up. */
    private static final Duration READY_WITHIN = Duration.ofMinutes(1);

    private static final Duration LONGEST = Duration.ofMinutes(8);

    /** Time goes on, from a Monday at nine. */
    private final Clock clock = Clock.offset(
            Clock.systemUTC(),
            Duration.between(
                    Instant.now(),
                    ZonedDateTime.now(ZoneOffset.UTC)
                            .with(TemporalAdjusters.next(DayOfWeek.MONDAY))
                            .withHour(9)
                            .toInstant()));

    private final AtomicBoolean over = new AtomicBoolean();
    private final ConcurrentLinkedQueue<Throwable> problems = new ConcurrentLinkedQueue<>();

    @Test
    @DisplayName(
            "200 services with GPUs: never more than 16 GPUs start, and all are up in the end but one that never can be")
    void wakesUp() throws InterruptedException {
        String namespace = cluster.newNamespace(Map.of());
        createStopped(namespace);
        cluster.api.create(SERVING_SCHEDULE, schedule(namespace));
        try (PlayedCluster played = new PlayedCluster(cluster.kserve.api(), namespace, Release.WITH_STOP)) {
            assertThat(played.kserve).isNotNull();
            List<Thread> controllers = List.of(controller(namespace, 1), controller(namespace, 2));
            try {
                followUntilUp(namespace);
                Eventually.holds("it is too late for one", () -> said(namespace, "StartLate")
                        .equals(List.of(NEVER)));
            } finally {
                over.set(true);
                for (Thread it : controllers) {
                    it.join();
                }
            }
        }
        assertThat(problems).isEmpty();
        JsonNode status = cluster.api.get(SERVING_SCHEDULE, namespace, "office").path("status");
        assertThat(status.path("servicesUp").asInt()).isEqualTo(SERVICES);
        assertThat(cluster.api.list(INFERENCE_SERVICE, namespace))
                .allSatisfy(it -> assertThat(it.at("/metadata/annotations").has("trimtab.dev/stopped-by"))
                        .isFalse());
    }

    private void createStopped(String namespace) {
        for (int i = 0; i < SERVICES; i++) {
            String name = "m" + i;
            // By the manager whose stop it is to be.
            String unused = cluster.admin.raw(
                    INFERENCE_SERVICE.path(namespace) + "?fieldManager=trimtab-schedule",
                    "POST",
                    Api.yaml("""
                    apiVersion: serving.kserve.io/v1beta1
                    kind: InferenceService
                    metadata:
                      name: %s
                      namespace: %s
                      labels: {tier: dev}
                      annotations:
                        serving.kserve.io/deploymentMode: Standard
                        serving.kserve.io/stop: "true"
                        trimtab.dev/stopped-by: '{"schedule":"office","down":"2026-01-01T20:00:00Z","since":"2026-01-01T20:00:00Z","gpus":{}}'
                    spec:
                      predictor:
                        nodeSelector: %s
                        model: {modelFormat: {name: vllm}, resources: {limits: {nvidia.com/gpu: "%d"}}}
                    """.formatted(
                                    name,
                                    namespace,
                                    name.equals(NEVER) ? "{example.com/no: such-node}" : "{}",
                                    i % 4 == 0 ? 2 : 1)));
        }
    }

    private static ObjectNode schedule(String namespace) {
        return Api.yaml("""
                apiVersion: trimtab.dev/v1alpha1
                kind: ServingSchedule
                metadata: {name: office, namespace: %s}
                spec:
                  selector: {matchLabels: {tier: dev}}
                  timeZone: UTC
                  uptime: ["Mon-Fri 08:00-20:00"]
                  stagger: {maxStartingGpus: %d, readyWithinMinutes: %d}
                """.formatted(namespace, MOST_GPUS, READY_WITHIN.toMinutes()));
    }

    /** Lives of a few writes each; none knows of the one before. */
    private Thread controller(String namespace, long seed) {
        Mortals mortals = new Mortals();
        KubernetesClient client = closeLast(trimtabClient(mortals));
        Random chance = new Random(seed);
        Thread thread = new Thread(() -> {
            while (!over.get()) {
                mortals.born(namespace, chance.nextInt(40), chance.nextBoolean() ? Death.BEFORE : Death.AFTER);
                try {
                    live(setup(POLICY, client).schedules(clock), namespace);
                } catch (Mortals.Killed killed) {
                    // Another life begins.
                } catch (RuntimeException problem) {
                    // As the work queue does: tried again.
                    LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                }
            }
        });
        thread.start();
        return thread;
    }

    private void live(Function<ScheduleRef, Optional<Duration>> reconciler, String namespace) {
        while (!over.get()) {
            var unused = reconciler.apply(new ScheduleRef(namespace, "office"));
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    private void followUntilUp(String namespace) {
        long end = System.nanoTime() + LONGEST.toNanos();
        Optional<Instant> neverSince = Optional.empty();
        long ready = 0;
        while (ready < SERVICES - 1) {
            ready = 0;
            long starting = 0;
            for (ObjectNode service : cluster.api.list(INFERENCE_SERVICE, namespace)) {
                boolean isNever = service.at("/metadata/name").asText().equals(NEVER);
                boolean stopped = service.at("/metadata/annotations").has("serving.kserve.io/stop");
                if (isNever && !stopped && neverSince.isEmpty()) {
                    neverSince = Optional.of(Instant.now());
                }
                // Some seconds for what the test sees later than the controller.
                boolean given = isNever
                        && neverSince
                                .filter(it -> Instant.now()
                                        .isAfter(it.plus(READY_WITHIN).minusSeconds(10)))
                                .isPresent();
                if (isReady(service) && !stopped) {
                    ready++;
                } else if (!stopped && !given) {
                    starting += service.at("/spec/predictor/model/resources/limits")
                            .path("nvidia.com/gpu")
                            .asInt();
                }
            }
            assertThat(starting).as("GPUs that start").isLessThanOrEqualTo(MOST_GPUS);
            assertThat(System.nanoTime()).as("only %d are ready in time", ready).isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(30).toNanos());
        }
    }

    private static boolean isReady(ObjectNode service) {
        for (JsonNode condition : service.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    private List<String> said(String namespace, String reason) {
        return cluster.api.list(EVENT, namespace).stream()
                .filter(it -> it.path("reason").asText().equals(reason))
                .map(it -> it.at("/involvedObject/name").asText())
                .distinct()
                .toList();
    }
}

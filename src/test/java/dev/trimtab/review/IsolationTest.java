package dev.trimtab.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.autoscalers.PodAutoscaler;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.review.AdmissionRequest.MalformedReview;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.yaml.YamlStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What AIBrix got wrong once (aibrix#436): one object's decision must never show in another's. A thousand different
 * objects are reviewed by sixteen threads at once, by one reviewer and one guard, and each comes out as it does alone.
 */
class IsolationTest {
    private static final int OBJECTS = 1_000;
    private static final int THREADS = 16;

    private final Reviewer reviewer = new Reviewer(Reviewer.PLATFORM_NAMESPACES);
    private final AutoscalerGuard guard = new AutoscalerGuard(Reviewer.PLATFORM_NAMESPACES);
    private final Settings settings = Settings.DEFAULTS
            .withPolicy(PolicyLoader.load("""
                    apiVersion: trimtab.dev/v1alpha1
                    kind: Policy
                    profiles:
                    - name: slow
                      match: {labels: {speed: slow}}
                      startupSeconds: 300
                      maxResponseSeconds: 700
                      containerConcurrency: 4
                    """).policy().orElseThrow())
            .withAutoscaling(it -> it.withWindowFields(true)
                    .with(new PodAutoscaler(object(autoscaler(7)), "ns-1"))
                    .with(new PodAutoscaler(object(autoscaler(11)), "ns-2")));

    @Test
    @DisplayName("1,000 objects, 16 threads, any order: each as it comes out alone")
    void isolated() throws Exception {
        List<ObjectNode> requests =
                IntStream.range(0, OBJECTS).mapToObj(IsolationTest::request).toList();
        List<List<JsonNode>> alone = new ArrayList<>();
        for (ObjectNode request : requests) {
            alone.add(answers(request));
        }
        assertThat(alone.stream().distinct().count()).as("they do differ").isGreaterThan(OBJECTS / 2);

        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            CyclicBarrier together = new CyclicBarrier(THREADS);
            List<Future<Integer>> running = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                running.add(threads.submit(all(requests, alone, thread, together)));
            }
            for (Future<Integer> it : running) {
                assertThat(it.get(120, TimeUnit.SECONDS)).isEqualTo(OBJECTS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private Callable<Integer> all(
            List<ObjectNode> requests, List<List<JsonNode>> alone, int seed, CyclicBarrier together) {
        return () -> {
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, OBJECTS).boxed().toList());
            Collections.shuffle(order, new Random(seed));
            together.await(60, TimeUnit.SECONDS);
            for (int index : order) {
                assertThat(answers(requests.get(index))).as("object %d", index).isEqualTo(alone.get(index));
            }
            return order.size();
        };
    }

    private List<JsonNode> answers(ObjectNode request) throws MalformedReview {
        AdmissionRequest parsed = AdmissionRequest.parse(request);
        return List.of(
                reviewer.answer(parsed, settings).toJson(),
                guard.answer(parsed, settings).toJson());
    }

    private static ObjectNode request(int number) {
        String yaml =
                switch (number % 4) {
                    case 0 -> service(number);
                    case 1 -> inferenceService(number);
                    default -> autoscaler(number);
                };
        ObjectNode review = Requests.of(object(yaml), Optional.empty(), number % 3 == 0);
        ((ObjectNode) review.get("request")).put("uid", "uid-" + number);
        return review;
    }

    private static String service(int number) {
        return """
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata: {name: s-%1$d, namespace: ns-%2$d, labels: {speed: %3$s}}
                spec:
                  template:
                    metadata:
                      annotations: {autoscaling.knative.dev/max-scale: "%4$d", autoscaling.knative.dev/initial-scale: "%5$d"}
                    spec: {containers: [{image: registry.example/m-%1$d}]}
                """.formatted(number, number % 5, number % 8 == 0 ? "slow" : "fast", number % 13, number % 29);
    }

    private static String inferenceService(int number) {
        return """
                apiVersion: serving.kserve.io/v1beta1
                kind: InferenceService
                metadata: {name: i-%1$d, namespace: ns-%2$d, labels: {speed: %3$s}}
                spec:
                  predictor: {minReplicas: %4$d, maxReplicas: %5$d, model: {modelFormat: {name: sklearn}}}
                """.formatted(number, number % 5, number % 3 == 0 ? "slow" : "fast", number % 7, number % 17);
    }

    private static String autoscaler(int number) {
        return """
                apiVersion: autoscaling.aibrix.ai/v1alpha1
                kind: PodAutoscaler
                metadata: {name: p-%1$d, namespace: ns-%2$d, labels: {speed: %3$s}}
                spec:
                  scalingStrategy: %4$s
                  minReplicas: %5$d
                  maxReplicas: %6$d
                  metricsSources:
                  - {metricSourceType: domain, endpoint: "optimizer.aibrix:8080", path: /metrics/%1$d, targetMetric: m-%7$d, targetValue: "%5$d"}
                  scaleTargetRef: {kind: Deployment, name: d-%7$d}
                """.formatted(
                        number,
                        number % 5,
                        number % 2 == 0 ? "slow" : "fast",
                        List.of("APA", "KPA", "HPA").get(number % 3),
                        number % 7,
                        number % 11,
                        number % 19);
    }

    private static ObjectNode object(String yaml) {
        return (ObjectNode) YamlStream.read(yaml).get(0).content();
    }
}

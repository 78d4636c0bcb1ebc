package dev.trimtab.stability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.KnativeDefaulting;
import dev.trimtab.knative.config.ConfigMapProblem;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.Recording;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.stability.Outcome.Course;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every request that four versions of KServe sent for real InferenceServices and InferenceGraphs, while policy and
 * Knative's ConfigMaps are edited before each: the generation moves exactly with the author. Run with {@code
 * -Dcorpus.dir=…}.
 */
class RecordedKserveTest {
    private static final int ROUNDS = 10;

    private static final Map<String, String> EDITED_DEFAULTS = Map.of(
            "revision-timeout-seconds", "120",
            "revision-response-start-timeout-seconds", "60",
            "revision-idle-timeout-seconds", "50",
            "container-concurrency", "7",
            "container-name-template", "serving");

    private static final List<Settings> SETTINGS = List.of(
            Settings.DEFAULTS,
            Services.settings("mode: Audit", Map.of("initial-scale", "3", "min-scale", "1")),
            Services.settings("""
                    gpu: {dialect: aliyun}
                    profiles:
                      - name: all
                        startupSeconds: 400
                        maxResponseSeconds: 250
                        containerConcurrency: 4
                        gpuMemory: 12Gi
                        probes: {readiness: {httpGet: {path: /ready}}, liveness: {tcpSocket: {}}}
                        template: {labels: {example.com/pool: gpu}}
                    """, Map.of("max-scale", "9", "initial-scale", "2")),
            with(Services.settings("", Map.of("initial-scale", "5")), EDITED_DEFAULTS));

    /** Those that pin Knative's defaults. What is created in Audit mode is rolled by config-defaults, as without us. */
    private static final List<Integer> FILLING = List.of(0, 2, 3);

    @TestFactory
    @DisplayName("Knative Services: the generation moves exactly with the author")
    Stream<DynamicTest> knativeServices() {
        return Recording.VERSIONS.stream()
                .flatMap(version -> Recording.knativeServices(version).stream())
                .flatMap(recording -> FILLING.stream()
                        .map(first -> DynamicTest.dynamicTest(
                                recording + ", created under settings " + first, () -> play(recording, first))));
    }

    @TestFactory
    @DisplayName("Deployments of Standard mode: the pod template moves exactly with the author")
    Stream<DynamicTest> deployments() {
        return Recording.VERSIONS.stream()
                .flatMap(version -> Recording.deployments(version).stream())
                .flatMap(recording -> FILLING.stream()
                        .map(first -> DynamicTest.dynamicTest(
                                recording + ", created under settings " + first, () -> roll(recording, first))));
    }

    private static void roll(Recording recording, int first) {
        for (Recording.Life life : recording.lives()) {
            StoredDeployment deployment = StoredDeployment.create(life.created(), SETTINGS.get(first));
            int expected = 1;
            ObjectNode author = life.created();
            for (ObjectNode rendered : life.rendered()) {
                boolean edited = !rendered.at(KnativeService.TEMPLATE).equals(author.at(KnativeService.TEMPLATE));
                boolean added = !new TemplateComparison(author, Map.of()).covers(rendered, KnativeService.TEMPLATE);
                author = rendered;
                expected += edited ? 1 : 0;
                for (int i = 0; i < ROUNDS; i++) {
                    int now = (first + i) % SETTINGS.size();
                    deployment.reconcile(rendered, SETTINGS.get(now));
                    assertThat(deployment.generation())
                            .as("reconcile %d under settings %d", i, now)
                            .isEqualTo(expected);
                }
                // To take something out asks no rule; the Deployment of a graph is never reviewed.
                if (added && new Manifest(rendered).kind() == Kind.DEPLOYMENT) {
                    assertThat(deployment.lastChange()).isEqualTo(Course.CHANGED);
                }
            }
        }
    }

    private static void play(Recording recording, int first) {
        for (Recording.Life life : recording.lives()) {
            StoredService service = StoredService.create(life.created(), SETTINGS.get(first));
            int expected = 1;
            JsonNode author = authored(life.created());
            for (ObjectNode rendered : life.rendered()) {
                if (!authored(rendered).equals(author)) {
                    author = authored(rendered);
                    expected++;
                }
                for (int i = 0; i < ROUNDS; i++) {
                    int now = (first + i) % SETTINGS.size();
                    service.change(SETTINGS.get(now));
                    if (i % 3 == first % 3) {
                        service.reconcileAfterConflict(rendered);
                    } else {
                        service.reconcile(rendered);
                    }
                    assertThat(service.generation())
                            .as("reconcile %d under settings %d", i, now)
                            .isEqualTo(expected);
                }
            }
        }
    }

    /** The spec with all defaults: two that differ were made different by their author. */
    private static JsonNode authored(ObjectNode rendered) {
        return KnativeDefaulting.apply(rendered, null, KnativeConfig.DEFAULTS).path("spec");
    }

    private static Settings with(Settings settings, Map<String, String> defaults) {
        try {
            return settings.withKnative(settings.knative().withConfigMap(KnativeConfig.CONFIG_DEFAULTS, defaults));
        } catch (ConfigMapProblem e) {
            throw new IllegalArgumentException(e);
        }
    }
}

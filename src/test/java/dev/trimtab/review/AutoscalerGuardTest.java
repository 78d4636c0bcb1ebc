package dev.trimtab.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.autoscalers.PodAutoscaler;
import dev.trimtab.autoscalers.Problem;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.review.AdmissionRequest.MalformedReview;
import dev.trimtab.review.AutoscalerGuard.AutoscalerVerdict;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.yaml.YamlDocument;
import dev.trimtab.yaml.YamlStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is said to the author of a PodAutoscaler, and never twice for the same fault. */
class AutoscalerGuardTest {
    private static final String FAULTY = """
            apiVersion: autoscaling.aibrix.ai/v1alpha1
            kind: PodAutoscaler
            metadata:
              name: llama
              namespace: ml
              annotations: {autoscaling.aibrix.ai/panic-threshold: "200"}
            spec:
              scalingStrategy: KPA
              minReplicas: 9
              maxReplicas: 8
              metricsSources:
              - {metricSourceType: pod, targetMetric: queue, targetValue: "10"}
              - {metricSourceType: pod, targetMetric: queue, targetValue: "20"}
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: llama}
            """;

    private static final String OTHER_SOURCE =
            "\n  - {metricSourceType: pod, targetMetric: num_requests_waiting, targetValue: \"1\"}";

    private final AutoscalerGuard guard = new AutoscalerGuard(Reviewer.PLATFORM_NAMESPACES);

    @Test
    @DisplayName("CREATE with faults: all denials in one message, each with its field; warnings beside")
    void created() throws MalformedReview {
        JsonNode response = response(object(FAULTY), Settings.DEFAULTS);

        assertThat(response.path("allowed").asBoolean()).isFalse();
        assertThat(response.at("/status/code").asInt()).isEqualTo(403);
        assertThat(response.at("/status/message").asText())
                .startsWith("trimtab: spec.metricsSources[1].targetMetric: queue is there already")
                .contains("(A5); spec.minReplicas: 9 is above maxReplicas 8")
                .contains("(A9); metadata.annotations[\"autoscaling.aibrix.ai/panic-threshold\"]: \"200\"")
                .endsWith("(A12)");
        // Of each source: A8, and A22.
        assertThat(response.path("warnings")).hasSize(4).allSatisfy(it -> assertThat(it.asText())
                .startsWith("trimtab: spec.metricsSources[")
                .hasSizeLessThanOrEqualTo(256));
    }

    @Test
    @DisplayName("an UPDATE that leaves the faults as they are is allowed, wherever in its list a source stands by now")
    void ratchet() throws MalformedReview {
        String moved = FAULTY.replace("metricsSources:", "metricsSources:" + OTHER_SOURCE);

        AutoscalerVerdict verdict = update(moved, FAULTY, Settings.DEFAULTS);

        assertThat(verdict.isAllowed()).isTrue();
        assertThat(verdict.warnings()).extracting(it -> it.check().term()).contains("A5", "A9", "A12");
    }

    @Test
    @DisplayName("an UPDATE that touches an offending field is denied for that one alone, also where it gets better")
    void touched() throws MalformedReview {
        AutoscalerVerdict verdict = update(FAULTY.replace("\"200\"", "\"100\""), FAULTY, Settings.DEFAULTS);

        assertThat(verdict.isAllowed()).isFalse();
        assertThat(verdict.refusals()).extracting(it -> it.check().term()).containsExactly("A12");
        assertThat(update(FAULTY.replace("\"200\"", "\"2\""), FAULTY, Settings.DEFAULTS)
                        .isAllowed())
                .isTrue();
    }

    @Test
    @DisplayName("to take the label off that kept Trimtab away touches no offending field")
    void noLongerIgnored() throws MalformedReview {
        String ignored = FAULTY.replace("namespace: ml", "namespace: ml\n  labels: {trimtab.dev/ignore: \"true\"}");

        AutoscalerVerdict verdict = update(FAULTY, ignored, Settings.DEFAULTS);
        assertThat(verdict.isAllowed()).isTrue();
        assertThat(verdict.warnings()).isNotEmpty();
    }

    @Test
    @DisplayName("a conflict that came later is not in the way of a change of something else")
    void conflictSince() throws MalformedReview {
        String sound = FAULTY.replace("minReplicas: 9", "minReplicas: 1")
                .replace("  - {metricSourceType: pod, targetMetric: queue, targetValue: \"20\"}\n", "")
                .replace("  annotations: {autoscaling.aibrix.ai/panic-threshold: \"200\"}\n", "");
        Settings settings = Settings.DEFAULTS.withAutoscaling(
                it -> it.with(new PodAutoscaler(object(sound.replaceFirst("llama", "other")), "ml")));

        assertThat(create(sound, settings).isAllowed()).isFalse();
        assertThat(update(sound.replace("maxReplicas: 8", "maxReplicas: 9"), sound, settings)
                        .isAllowed())
                .isTrue();
        assertThat(update(sound, sound.replace("kind: Deployment, name: llama", "kind: Deployment, name: b"), settings)
                        .isAllowed())
                .as("moved to a target that somebody scales")
                .isFalse();
    }

    @Test
    @DisplayName("severities of the policy; Audit mode; what is ignored, excluded or on its way out")
    void scope() throws MalformedReview {
        Settings lenient = policy("aibrix: {checks: {A5: Warn, A9: Ignore, A12: Warn}}");

        assertThat(create(FAULTY, lenient).isAllowed()).isTrue();
        assertThat(create(FAULTY, lenient).warnings())
                .noneMatch(it -> it.check().term().equals("A9"));
        JsonNode audit = response(object(FAULTY), policy("mode: Audit"));
        assertThat(audit.path("allowed").asBoolean()).isTrue();
        assertThat(audit.at("/warnings/0").asText())
                .startsWith("trimtab: (audit) would refuse: spec.metricsSources[1]");
        for (String left : List.of(
                FAULTY.replace("namespace: ml", "namespace: kube-system"),
                FAULTY.replace("namespace: ml", "namespace: ml\n  labels: {trimtab.dev/ignore: \"true\"}"),
                FAULTY.replace("namespace: ml", "namespace: ml\n  deletionTimestamp: \"2026-01-01T00:00:00Z\""))) {
            assertThat(create(left, Settings.DEFAULTS).decisions()).isEmpty();
        }
    }

    @Test
    @DisplayName("AIBrix's own samples: no denial, and exactly the warnings that they deserve")
    void samples() throws IOException, MalformedReview {
        String corpus = System.getProperty("corpus.dir", "");
        assumeThat(corpus).as("no manifests to test on: set -Dcorpus.dir").isNotBlank();
        Map<String, List<String>> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(Path.of(corpus, "aibrix"))) {
            for (Path file : files.sorted().toList()) {
                List<String> checks = new ArrayList<>();
                for (YamlDocument document : YamlStream.read(Files.readString(file))) {
                    if (document.content() instanceof ObjectNode it
                            && it.path("kind").asText().equals("PodAutoscaler")) {
                        Manifest object = new Manifest(it);
                        AutoscalerVerdict verdict =
                                guard.verdict(object, Optional.empty(), object.namespace(), Settings.DEFAULTS);
                        assertThat(verdict.isAllowed()).as("%s", file).isTrue();
                        verdict.warnings().stream()
                                .map(problem -> problem.check().term())
                                .forEach(checks::add);
                        response(it, Settings.DEFAULTS).path("warnings").forEach(line -> assertThat(line.asText())
                                .doesNotEndWith("…"));
                    }
                }
                found.put(file.getFileName().toString(), checks);
            }
        }
        assertThat(found)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "autoscaling__apa-resource.yaml", List.of("A13", "A13", "A13"),
                        "autoscaling__external-metrics-apa.yaml", List.of("A13", "A13", "A13"),
                        "autoscaling__hpa.yaml", List.of("A15"),
                        "autoscaling__multimetrics-apa.yaml", List.of("A13", "A13", "A13"),
                        "autoscaling__scheduled-bounds-apa.yaml", List.of(),
                        "autoscaling__stormservice-replica.yaml", List.of("A8"),
                        "heterogeneous__deepseek-coder-7b-l20-podautoscaler.yaml", List.of("A8", "A11", "A13"),
                        "volcano-engine__autoscaler.yaml", List.of("A13", "A21")));
    }

    @Test
    @DisplayName("nothing that is known makes the guard change an object")
    void pure() throws MalformedReview {
        ObjectNode object = object(FAULTY);
        ObjectNode before = object.deepCopy();
        List<Problem> problems = guard.problems(new Manifest(object), "ml", Settings.DEFAULTS);

        assertThat(problems).isNotEmpty();
        assertThat(object).isEqualTo(before);
        assertThat(Settings.DEFAULTS.autoscaling()).isEqualTo(ClusterView.UNKNOWN);
    }

    private AutoscalerVerdict create(String yaml, Settings settings) {
        Manifest object = new Manifest(object(yaml));
        return guard.verdict(object, Optional.empty(), object.namespace(), settings);
    }

    private AutoscalerVerdict update(String yaml, String stored, Settings settings) {
        return guard.verdict(new Manifest(object(yaml)), Optional.of(new Manifest(object(stored))), "ml", settings);
    }

    private JsonNode response(ObjectNode object, Settings settings) throws MalformedReview {
        ObjectNode review = Requests.of(object, Optional.empty(), false);
        return guard.answer(AdmissionRequest.parse(review), settings).toJson().path("response");
    }

    private static Settings policy(String keys) {
        String text = "apiVersion: trimtab.dev/v1alpha1\nkind: Policy\n" + keys + "\n";
        return Settings.DEFAULTS.withPolicy(PolicyLoader.load(text).policy().orElseThrow());
    }

    private static ObjectNode object(String yaml) {
        return (ObjectNode) YamlStream.read(yaml).get(0).content();
    }
}

package dev.trimtab.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.drift.Difference.Change;
import dev.trimtab.drift.Inspected.Finding;
import dev.trimtab.drift.Inspected.Skipped;
import dev.trimtab.knative.Revision;
import dev.trimtab.knative.config.ConfigMapProblem;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.review.Reviewer;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.yaml.YamlStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InspectorTest {
    private static final String SERVICE = """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: llm, namespace: ml}
            spec:
              template:
                metadata: {annotations: {autoscaling.knative.dev/min-scale: "1"}}
                spec: {containers: [{image: example/llm:1, resources: {limits: {nvidia.com/gpu: 2}}}]}
            """;

    private static final String INFERENCE_SERVICE = """
            apiVersion: serving.kserve.io/v1beta1
            kind: InferenceService
            metadata: {name: llm, namespace: ml}
            spec: {predictor: {model: {modelFormat: {name: huggingface}}}, transformer: {containers: [{image: t}]}}
            """;

    private final Reviewer reviewer = new Reviewer(Reviewer.PLATFORM_NAMESPACES);

    @Test
    @DisplayName("filled by the policy of now: nothing differs, and how many pods and GPUs a revision would have")
    void same() {
        Finding finding = look(created(SERVICE, settings("")), running(settings(""), 3));
        assertThat(finding.differences()).isEmpty();
        assertThat(finding.pods()).isEqualTo(3);
        assertThat(finding.gpus()).hasToString("6 nvidia.com/gpu");
        assertThat(finding.gpuCount()).isEqualTo(6);
        assertThat(Report.of(List.of(finding)).revisions()).isZero();
    }

    @Test
    @DisplayName("what was filled comes out another way, goes, or is filled for the first time")
    void changes() {
        Settings then = settings("profiles: [{name: a, containerConcurrency: 8, template: {labels: {pool: gpu}}}]");
        Settings now = settings("profiles: [{name: a, containerConcurrency: 4, startupSeconds: 900}]");
        Finding finding = look(created(SERVICE, then), now);
        assertThat(finding.differences())
                .extracting(
                        it -> "%s %s %s -> %s".formatted(it.change(), it.at().last(), it.before(), it.after()))
                .contains("changed /containerConcurrency 8 -> 4", "dropped /pool \"gpu\" -> ")
                .anyMatch(it -> it.startsWith("filled /serving.knative.dev~1progress-deadline"));
        assertThat(Report.of(List.of(finding)).revisions()).isEqualTo(1);
        assertThat(Report.of(List.of(finding)).gpuCount()).isEqualTo(2);
    }

    @Test
    @DisplayName("an author's value moves as a clamp; where the policy denies, it is said why there is no refresh")
    void clamp() {
        ObjectNode stored = yaml(
                SERVICE.replace("min-scale: \"1\"", "max-scale: \"3\", autoscaling.knative.dev/initial-scale: \"7\""));
        assertThat(look(stored, settings("")).differences())
                .anyMatch(it ->
                        it.change() == Change.CLAMPED && it.after().asText().equals("3"));
        Finding denied = look(stored, settings("conflicts: Deny"));
        assertThat(denied.isBlocked()).isTrue();
        assertThat(denied.block()).startsWith("the policy denies it: initial-scale 7 is above max-scale 3");
        assertThat(Report.of(List.of(denied)).refreshable()).isEmpty();
    }

    @Test
    @DisplayName("an earlier fill under the author's own revision name, illegal by now: no refresh mends it")
    void ownRevisionName() throws ConfigMapProblem {
        ObjectNode stored = created(SERVICE, settings(""));
        Pointers.set(stored, Pointers.of("spec", "template", "metadata", "name"), stored.textNode("llm-v1"));
        KnativeConfig knative = settings("")
                .knative()
                .withConfigMap(KnativeConfig.CONFIG_AUTOSCALER, Map.of("max-scale", "5", "max-scale-limit", "10"));
        Settings limited = settings("").withKnative(knative);
        Finding finding = look(stored, limited);
        assertThat(finding.differences())
                .filteredOn(it -> it.rule().equals("max-scale"))
                .singleElement()
                .satisfies(it -> {
                    assertThat(it.change()).isEqualTo(Change.ILLEGAL);
                    assertThat(it.after().isMissingNode()).isTrue();
                    assertThat(it.because()).startsWith("Knative refuses it by now");
                });
        assertThat(finding.block()).startsWith("its author names the revision llm-v1");
        assertThat(Standing.of(new Manifest(stored), finding, limited.knative()))
                .isEqualTo(Standing.ILLEGAL);
    }

    @Test
    @DisplayName("initial-scale that follows what runs is no difference by itself")
    void trafficMatched() {
        Settings matched = settings("scaling: {initialScale: {onUpdate: TrafficMatched}}");
        ObjectNode stored = created(SERVICE, matched);
        assertThat(look(stored, running(matched, 5)).differences()).isEmpty();
        Settings more = settings(
                "scaling: {initialScale: {onUpdate: TrafficMatched}}\nprofiles: [{name: a, containerConcurrency: 4}]");
        assertThat(look(stored, running(more, 5)).differences())
                .extracting(Difference::rule)
                .containsExactly("initial-scale", "concurrency");
        assertThat(look(stored, running(more, 5)).pods()).isEqualTo(6);
    }

    @Test
    @DisplayName("another policy is asked about: what it changes, and what differs already")
    void other() {
        Settings inForce = settings("profiles: [{name: a, containerConcurrency: 8}]");
        Policy asked = settings("profiles: [{name: a, containerConcurrency: 8, template: {labels: {pool: gpu}}}]")
                .policy();
        Finding finding = (Finding)
                new Inspector(reviewer, inForce, Optional.of(asked)).of(new Manifest(created(SERVICE, settings(""))));
        assertThat(finding.differences())
                .extracting(it -> it.rule() + " " + it.already())
                .containsExactly("concurrency true", "template false");
        assertThat(finding.differsNow()).isTrue();
    }

    @Test
    @DisplayName(
            "an InferenceService that differs itself is the one that is refreshed, and all of its Services roll once")
    void whole() {
        Settings now = settings("profiles: [{name: a, maxResponseSeconds: 100}]");
        Report report = Report.of(List.of(
                look(created(INFERENCE_SERVICE, settings("")), now),
                look(created(rendered("predictor"), settings("")), now),
                look(created(rendered("transformer"), settings("")), now)));
        RefreshGroup roll = report.rolls().get(0);
        assertThat(report.rolls()).hasSize(1);
        assertThat(roll.refreshed()).extracting(it -> it.key().toString()).containsExactly("InferenceService ml/llm");
        assertThat(roll.rolled()).extracting(it -> it.key().name()).containsExactly("llm-predictor", "llm-transformer");
        assertThat(report.differing()).isEqualTo(3);
        assertThat(report.revisions()).isEqualTo(2);
        assertThat(report.gpuCount()).isEqualTo(4);
    }

    @Test
    @DisplayName("where only one of them differs, that one is refreshed")
    void part() {
        Settings now =
                settings("profiles: [{name: a, match: {labels: {component: predictor}}, containerConcurrency: 4}]");
        Report report = Report.of(List.of(
                look(created(INFERENCE_SERVICE, settings("")), now),
                look(created(rendered("predictor"), settings("")), now),
                look(created(rendered("transformer"), settings("")), now)));
        assertThat(report.rolls().get(0).refreshed())
                .extracting(it -> it.key().name())
                .containsExactly("llm-predictor");
        assertThat(report.revisions()).isEqualTo(1);
    }

    @Test
    @DisplayName("what is stopped, ignored or on its way out is left out, with what was rendered for it")
    void leftOut() {
        Settings now = settings("profiles: [{name: a, containerConcurrency: 4}]");
        Inspector inspection = new Inspector(reviewer, now, Optional.empty());
        Inspected stopped = inspection.of(new Manifest(yaml(INFERENCE_SERVICE.replace(
                "namespace: ml", "namespace: ml, annotations: {serving.kserve.io/stop: \"true\"}"))));
        Inspected ignored = inspection.of(new Manifest(
                yaml(SERVICE.replace("namespace: ml", "namespace: ml, labels: {trimtab.dev/ignore: \"true\"}"))));
        Report report = Report.of(List.of(stopped, ignored, look(created(rendered("predictor"), settings("")), now)));
        assertThat(report.rolls()).isEmpty();
        assertThat(report.leftOut())
                .extracting(Skipped::because)
                .containsExactly(
                        "label trimtab.dev/ignore is \"true\"",
                        "it is stopped: when it starts, it is filled by the policy of that time");
    }

    private Finding look(ObjectNode stored, Settings settings) {
        return (Finding) new Inspector(reviewer, settings, Optional.empty()).of(new Manifest(stored));
    }

    /** As it is stored once it was created under these settings. */
    private ObjectNode created(String yaml, Settings settings) {
        return reviewer.review(new Manifest(yaml(yaml)), Optional.empty(), "ml", settings)
                .result();
    }

    private static String rendered(String component) {
        return SERVICE.replace(
                "name: llm, namespace: ml",
                "name: llm-%s, namespace: ml, labels: {component: %s, serving.kserve.io/inferenceservice: llm}"
                        .formatted(component, component));
    }

    private static Settings running(Settings settings, int pods) {
        Revision revision = new Revision("llm", "llm-00001", true, OptionalInt.of(pods), Optional.empty());
        return settings.withRevisions(known -> known.with("ml", revision));
    }

    private static Settings settings(String policy) {
        String text = "apiVersion: trimtab.dev/v1alpha1\nkind: Policy\n" + policy;
        return Settings.DEFAULTS.withPolicy(PolicyLoader.load(text).policy().orElseThrow());
    }

    private static ObjectNode yaml(String text) {
        return (ObjectNode) YamlStream.read(text).get(0).content();
    }
}

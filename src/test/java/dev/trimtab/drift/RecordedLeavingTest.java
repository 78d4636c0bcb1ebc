package dev.trimtab.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.KnativeDefaulting;
import dev.trimtab.knative.validation.ServiceRules;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.review.Reviewer;
import dev.trimtab.snapshot.Revisions;
import dev.trimtab.snapshot.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of each Service and Deployment that four versions of KServe made: after it has left, KServe's next write changes nothing. */
class RecordedLeavingTest {
    private static final List<Settings> SETTINGS = List.of(
            LeavePlannerTest.settings("", Map.of()),
            LeavePlannerTest.settings("", Map.of("initial-scale", "5", "max-scale-limit", "100", "max-scale", "10")),
            LeavePlannerTest.settings(
                    "profiles: [{name: all, maxResponseSeconds: 900, startupSeconds: 1200, template: {labels: {pool: gpu},"
                            + " annotations: {example.com/a: b}}, probes: {readiness: {httpGet: {path: /health}},"
                            + " liveness: {tcpSocket: {}}}}]",
                    Map.of("initial-scale", "2")));

    private final Reviewer reviewer = new Reviewer(Reviewer.PLATFORM_NAMESPACES);

    @ParameterizedTest
    @ValueSource(strings = {"v0.14.1", "v0.15.2", "v0.17.0", "v0.20.0"})
    @DisplayName("the template is KServe's, to the letter of Knative's types")
    void recorded(String version) throws IOException {
        String corpus = System.getProperty("corpus.dir", "");
        assumeThat(corpus).as("no recordings: set -Dcorpus.dir").isNotBlank();
        JsonNode recordings = new ObjectMapper()
                .readTree(Path.of(corpus, "kserve-recorded", version + ".json").toFile());
        List<String> wrong = new ArrayList<>();
        int left = 0;
        for (JsonNode recording : recordings) {
            JsonNode first = recording.path("requests").path(0).path("object");
            boolean ours =
                    List.of("Service", "Deployment").contains(first.path("kind").asText())
                            && !first.path("apiVersion").asText().equals("v1");
            for (int i = 0; ours && i < SETTINGS.size(); i++) {
                Optional<String> problem = leave((ObjectNode) first, SETTINGS.get(i));
                int settings = i;
                problem.filter(it -> !it.isEmpty())
                        .ifPresent(it -> wrong.add("%s with settings %d: %s"
                                .formatted(recording.path("name").asText(), settings, it)));
                left += problem.isPresent() ? 1 : 0;
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(left).as("that many were filled, and left").isGreaterThan(100);
    }

    /** An InferenceService as its author may have written it: KServe copies its annotations. */
    private static Manifest owner(ObjectNode rendered) {
        String name = rendered.at("/metadata/name").asText();
        ObjectNode owner = rendered.objectNode();
        owner.put("apiVersion", "serving.kserve.io/v1beta1").put("kind", "InferenceService");
        owner.putObject("metadata")
                .put("name", name.replaceAll("-(predictor|transformer|explainer)$", ""))
                .set("annotations", rendered.at(KnativeService.TEMPLATE_ANNOTATIONS));
        owner.putObject("spec").putObject(name.replaceAll(".*-", "")).put("minReplicas", 1);
        return new Manifest(owner);
    }

    /** @return what differs; empty for nothing; no value where nothing had been filled */
    private Optional<String> leave(ObjectNode rendered, Settings settings) {
        boolean service = rendered.path("kind").asText().equals("Service");
        ObjectNode filled = reviewer.review(new Manifest(rendered), Optional.empty(), "ml", settings)
                .result();
        ObjectNode stored = service ? KnativeDefaulting.apply(filled, null, settings.knative()) : filled;
        LeavePlanner leaving = new LeavePlanner(settings.knative(), Revisions.UNKNOWN);
        if (leaving.of(new Manifest(stored), Optional.empty()).isEmpty()) {
            return Optional.empty();
        }
        Optional<Manifest> owner = Optional.of(owner(rendered));
        ObjectNode released = leaving.released(new Manifest(stored), owner);
        ObjectNode finished = leaving.finished(new Manifest(released), owner);
        ObjectNode now = service ? KnativeDefaulting.apply(finished, stored, settings.knative()) : finished;
        ObjectNode kserve = service ? KnativeDefaulting.apply(rendered, now, settings.knative()) : rendered;
        JsonNode links = now.at("/spec/template/spec/enableServiceLinks");
        if (service && links.isBoolean()) {
            // KServe takes it over from what is stored: Knative fills it on CREATE only.
            ((ObjectNode) kserve.at(KnativeService.POD_SPEC)).set("enableServiceLinks", links);
        }
        JsonNode one = now.at(KnativeService.TEMPLATE);
        JsonNode other = kserve.at(KnativeService.TEMPLATE);
        return Optional.of(ServiceRules.isSame(one, other) ? "" : "\n" + one + "\n" + other);
    }
}

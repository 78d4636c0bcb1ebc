package dev.trimtab.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.drift.LeavePlan.Outcome;
import dev.trimtab.knative.KnativeDefaulting;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.knative.config.ConfigMapProblem;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.knative.validation.ServiceRules;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.review.Reviewer;
import dev.trimtab.snapshot.Revisions;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.yaml.YamlStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of stored objects once Trimtab lets go of them. */
class LeavePlannerTest {
    private static final String RENDERED = """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata:
              name: llm-predictor
              namespace: ml
              labels: {component: predictor, serving.kserve.io/inferenceservice: llm}
              ownerReferences:
                - {apiVersion: serving.kserve.io/v1beta1, kind: InferenceService, name: llm, uid: u, controller: true}
            spec:
              template:
                metadata:
                  annotations: {autoscaling.knative.dev/min-scale: "1", autoscaling.knative.dev/max-scale: "3"}
                spec:
                  containers:
                    - {name: kserve-container, image: example/llm:1, resources: {limits: {nvidia.com/gpu: "2"}}}
            """;

    private static final String INFERENCE_SERVICE = """
            apiVersion: serving.kserve.io/v1beta1
            kind: InferenceService
            metadata: {name: llm, namespace: ml, annotations: {autoscaling.knative.dev/initial-scale: "1"}}
            spec: {predictor: {minReplicas: 1, maxReplicas: 3, model: {modelFormat: {name: huggingface}}}}
            """;

    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: llm-predictor
              namespace: ml
              labels: {component: predictor, serving.kserve.io/inferenceservice: llm}
            spec:
              replicas: 2
              template:
                metadata: {labels: {app: isvc.llm-predictor}}
                spec:
                  containers:
                    - name: kserve-container
                      image: example/llm:1
                      resources: {limits: {nvidia.com/gpu: "1"}}
                      readinessProbe:
                        tcpSocket: {port: 8080}
                        timeoutSeconds: 1
                        periodSeconds: 10
                        successThreshold: 1
                        failureThreshold: 3
            """;

    private static final String PROBES =
            "profiles: [{name: a, probes: {readiness: {httpGet: {path: /health}}}, template: {labels: {pool: gpu}}}]";

    private final Reviewer reviewer = new Reviewer(Reviewer.PLATFORM_NAMESPACES);

    @Test
    @DisplayName("what KServe rendered rolls, with as many pods as Knative starts without the fills")
    void rolls() {
        Settings settings = settings("", Map.of("initial-scale", "5"));
        Manifest stored = created(RENDERED, settings);

        LeavePlan departure = look(stored, settings).orElseThrow();

        assertThat(departure.outcome()).isEqualTo(Outcome.ROLLS);
        assertThat(departure.taken())
                .extracting(it -> "%s %s -> %s".formatted(it.at().last(), it.stored(), it.after()))
                .contains("/autoscaling.knative.dev~1initial-scale \"1\" -> ", "/idleTimeoutSeconds 0 -> ")
                .noneMatch(it -> it.startsWith("/containerConcurrency"));
        assertThat(departure.pods()).as("the cluster's initial-scale").isEqualTo(5);
        assertThat(departure.gpuCount()).isEqualTo(10);
        assertThat(departure.owner()).hasToString("Optional[InferenceService ml/llm]");
    }

    @Test
    @DisplayName(
            "two writes: the record goes without a change of the spec, then the fills; and that is KServe's template")
    void writes() {
        Settings settings = settings(PROBES, Map.of());
        Manifest stored = created(RENDERED, settings);
        LeavePlanner leaving = leaving(settings);

        Manifest released = new Manifest(leaving.released(stored, Optional.empty()));
        assertThat((Object) released.root().path("spec"))
                .isEqualTo(stored.root().path("spec"));
        assertThat(released.annotations().has("trimtab.dev/filled")).isFalse();
        assertThat(released.annotations().text("trimtab.dev/left"))
                .isEqualTo(stored.annotations().text("trimtab.dev/filled"));
        LeavePlan begun = look(released, settings).orElseThrow();
        assertThat(begun.begun()).isTrue();
        assertThat(begun)
                .as("the same still")
                .usingRecursiveComparison()
                .ignoringFields("begun")
                .isEqualTo(look(stored, settings).orElseThrow());

        ObjectNode finished = leaving.finished(released, Optional.empty());
        ObjectNode kserve = KnativeDefaulting.apply(yaml(RENDERED), finished, settings.knative());
        ObjectNode now = KnativeDefaulting.apply(finished, released.root(), settings.knative());
        assertSameTemplate(now, kserve);
        assertThat(look(new Manifest(now), settings).orElseThrow().outcome()).isEqualTo(Outcome.STARTING);
        now.putObject("status")
                .put("observedGeneration", 2)
                .put("latestCreatedRevisionName", "b")
                .put("latestReadyRevisionName", "b")
                .putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", "True");
        assertThat(look(new Manifest(now), settings).orElseThrow().outcome()).isEqualTo(Outcome.LEFT);
    }

    @Test
    @DisplayName("fills that Knative fills again by itself: only the record goes")
    void stays() {
        Settings settings = settings("", Map.of());
        ObjectNode sent = yaml(RENDERED.replace(
                "containers:", "responseStartTimeoutSeconds: 0\n      idleTimeoutSeconds: 0\n      containers:"));
        ((ObjectNode) sent.at(KnativeService.TEMPLATE_ANNOTATIONS)).put("autoscaling.knative.dev/initial-scale", "1");
        Manifest stored = created(sent.toString(), settings);
        ((ObjectNode) stored.root().at("/metadata/annotations"))
                .put("trimtab.dev/filled", "{\"filled\":{\"/spec/template/spec/timeoutSeconds\":300}}");

        LeavePlan departure = look(stored, settings).orElseThrow();

        assertThat(departure.outcome()).isEqualTo(Outcome.STAYS);
        assertThat(departure.pods()).isZero();
    }

    @Test
    @DisplayName("what somebody wrote by hand keeps its values")
    void byHand() {
        Settings settings = settings("", Map.of());
        Manifest stored = created(
                RENDERED.replaceAll("(?s)  labels: \\{component.*?\\n  ownerReferences:.*?\\n.*?\\n", ""), settings);
        assertThat(stored.annotations().has("trimtab.dev/filled")).isTrue();

        assertThat(look(stored, settings).orElseThrow().outcome()).isEqualTo(Outcome.STAYS);
        Manifest released = new Manifest(leaving(settings).released(stored, Optional.empty()));
        assertThat((Object) released.root().path("spec"))
                .isEqualTo(stored.root().path("spec"));
        assertThat(look(released, settings).orElseThrow().outcome()).isEqualTo(Outcome.LEFT);
    }

    @Test
    @DisplayName("a value that its author wrote too is not taken out: KServe sends it again")
    void writtenToo() {
        Settings settings = settings("", Map.of("initial-scale", "5"));
        ObjectNode sent = yaml(RENDERED);
        ((ObjectNode) sent.at(KnativeService.TEMPLATE_ANNOTATIONS)).put("autoscaling.knative.dev/initial-scale", "1");
        Manifest stored = created(sent.toString(), settings);

        ObjectNode finished = leaving(settings).finished(stored, Optional.of(new Manifest(yaml(INFERENCE_SERVICE))));

        assertSameTemplate(
                KnativeDefaulting.apply(finished, stored.root(), settings.knative()),
                KnativeDefaulting.apply(sent, stored.root(), settings.knative()));
    }

    @Test
    @DisplayName("an author's value that Knative refuses here: it cannot leave, and why is said")
    void blocked() {
        Settings settings = settings("", Map.of("max-scale-limit", "2", "max-scale", "2"));
        Manifest stored = created(RENDERED, settings);

        LeavePlan departure = look(stored, settings).orElseThrow();

        assertThat(departure.outcome()).isEqualTo(Outcome.BLOCKED);
        assertThat(departure.because())
                .startsWith("Knative refuses what its author wrote, and KServe cannot write it either: ")
                .contains("autoscaling.knative.dev/max-scale");
    }

    @Test
    @DisplayName("a Deployment: KServe's own readiness probe comes back, with all replicas counted")
    void deployment() {
        Settings settings = settings(PROBES, Map.of());
        Manifest stored = created(DEPLOYMENT, settings);
        assertThat(stored.root()
                        .at("/spec/template/spec/containers/0/readinessProbe/httpGet/path")
                        .asText())
                .isEqualTo("/health");

        LeavePlan departure = look(stored, settings).orElseThrow();

        assertThat(departure.outcome()).isEqualTo(Outcome.ROLLS);
        assertThat(departure.gpuCount()).isEqualTo(2);
        assertSameTemplate(leaving(settings).finished(stored, Optional.empty()), yaml(DEPLOYMENT));
    }

    @Test
    @DisplayName("nothing of Trimtab, left by hand, or on its way out")
    void others() {
        Settings settings = settings("", Map.of());
        assertThat(look(new Manifest(yaml(RENDERED)), settings)).isEmpty();
        Manifest byHand = new Manifest(yaml(RENDERED));
        byHand.root().withObject("/metadata").putObject("annotations").put("trimtab.dev/left", "by-hand");
        assertThat(look(byHand, settings).orElseThrow().outcome()).isEqualTo(Outcome.STARTING);
        Manifest deleted = created(RENDERED, settings);
        deleted.root().withObject("/metadata").put("deletionTimestamp", "2026-11-29T06:00:00Z");
        assertThat(look(deleted, settings)).isEmpty();
    }

    @Test
    @DisplayName("an object that has left is not reviewed any more, in no mode, until a refresh is asked for")
    void reviewed() {
        Settings settings = settings(PROBES, Map.of());
        Manifest stored = created(RENDERED, settings);
        ObjectNode released = leaving(settings).released(stored, Optional.empty());
        ObjectNode kserve = yaml(RENDERED);
        for (Settings now : List.of(settings, settings("mode: Audit\n", Map.of()))) {
            assertThat((Object) reviewer.review(new Manifest(kserve), Optional.of(new Manifest(released)), "ml", now)
                            .result())
                    .isEqualTo(kserve);
        }
        ObjectNode asking = released.deepCopy();
        asking.withObject("/metadata/annotations").put("trimtab.dev/refresh", "1");
        assertThat(reviewer.review(new Manifest(asking), Optional.of(new Manifest(released)), "ml", settings)
                        .result()
                        .at("/metadata/annotations")
                        .has("trimtab.dev/filled"))
                .isTrue();
    }

    private Optional<LeavePlan> look(Manifest stored, Settings settings) {
        return leaving(settings).of(stored, Optional.empty());
    }

    private static LeavePlanner leaving(Settings settings) {
        return new LeavePlanner(settings.knative(), Revisions.UNKNOWN);
    }

    private static void assertSameTemplate(ObjectNode one, ObjectNode other) {
        // KServe takes it over from what is stored: Knative fills it on CREATE only.
        if (one.at("/spec/template/spec").has("enableServiceLinks")) {
            ((ObjectNode) other.at(KnativeService.POD_SPEC)).put("enableServiceLinks", false);
        }
        assertThat(ServiceRules.isSame(one.at(KnativeService.TEMPLATE), other.at(KnativeService.TEMPLATE)))
                .as("%s\n%s", one.at(KnativeService.TEMPLATE), other.at(KnativeService.TEMPLATE))
                .isTrue();
    }

    private Manifest created(String yaml, Settings settings) {
        ObjectNode result = reviewer.review(new Manifest(yaml(yaml)), Optional.empty(), "ml", settings)
                .result();
        boolean service = result.path("kind").asText().equals("Service");
        ObjectNode stored = service ? KnativeDefaulting.apply(result, null, settings.knative()) : result;
        stored.withObject("/metadata").put("generation", 1).put("resourceVersion", "7");
        return new Manifest(stored);
    }

    static Settings settings(String policy, Map<String, String> autoscaler) {
        try {
            KnativeConfig knative = KnativeConfig.DEFAULTS.withAutoscaler(AutoscalerConfig.parse(autoscaler));
            String text = "apiVersion: trimtab.dev/v1alpha1\nkind: Policy\n" + policy;
            return Settings.DEFAULTS
                    .withKnative(knative)
                    .withPolicy(PolicyLoader.load(text).policy().orElseThrow());
        } catch (ConfigMapProblem e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static ObjectNode yaml(String text) {
        return (ObjectNode) YamlStream.read(text).get(0).content();
    }
}

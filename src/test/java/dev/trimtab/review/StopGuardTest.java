package dev.trimtab.review;

import static dev.trimtab.kserve.DeploymentMode.KNATIVE;
import static dev.trimtab.kserve.DeploymentMode.MODEL_MESH;
import static dev.trimtab.kserve.DeploymentMode.STANDARD;
import static dev.trimtab.lifecycle.Stoppable.INFERENCE_GRAPH;
import static dev.trimtab.lifecycle.Stoppable.INFERENCE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.review.AdmissionRequest.MalformedReview;
import dev.trimtab.snapshot.KnownServices;
import dev.trimtab.snapshot.KnownServices.KnownService;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.yaml.YamlStream;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each thing that it takes to be refused, alone: without any one of them the object is stored. */
class StopGuardTest {
    private static final String STOP = "serving.kserve.io/stop";
    private static final String OWNER = "/metadata/ownerReferences";
    private static final KnownService STOPPED = new KnownService("uid-1", true, Optional.of(KNATIVE), false, false);
    private static final KnownService NATIVE = new KnownService("uid-2", false, Optional.of(KNATIVE), true, false);

    private final StopGuard guard = new StopGuard(Reviewer.PLATFORM_NAMESPACES);

    @Test
    @DisplayName("CREATE of a stopped service's Knative Service: refused, with what, why and until when")
    void created() throws MalformedReview {
        AdmissionResponse verdict = guard.answer(AdmissionRequest.parse(service()), known(STOPPED));

        assertThat(verdict.outcome()).isEqualTo("denied");
        assertThat(verdict.toJson().path("response")).isEqualTo(yaml("""
                uid: "1"
                allowed: false
                status:
                  code: 403
                  message: "trimtab: InferenceService ml/llama is stopped (serving.kserve.io/stop): its Knative Service\\
                    \\ llama-predictor is not created until the annotation is removed"
                """));
    }

    @Test
    @DisplayName("UPDATE of a Deployment, as it is first told of the stop: refused")
    void updated() throws MalformedReview {
        ObjectNode review = update(deployment());
        assertThat(guard.answer(AdmissionRequest.parse(review), known(INFERENCE_SERVICE, STOPPED))
                        .review()
                        .refusal())
                .isEqualTo("InferenceService ml/llama is stopped (serving.kserve.io/stop): its Deployment"
                        + " llama-predictor is not changed until the annotation is removed");
    }

    @Test
    @DisplayName("an InferenceGraph's, in both modes, also where only the template has its label")
    void graph() throws MalformedReview {
        for (ObjectNode review : new ObjectNode[] {service(), deployment()}) {
            ObjectNode object = object(review);
            object.withObject("/metadata").remove("labels");
            object.withObject("/spec/template/metadata/labels").put("serving.kserve.io/inferencegraph", "llama");
            owner(object).put("kind", "InferenceGraph").put("apiVersion", "serving.kserve.io/v1alpha1");
            assertThat(guard.answer(AdmissionRequest.parse(review), known(INFERENCE_GRAPH, STOPPED))
                            .review()
                            .refusal())
                    .startsWith("InferenceGraph ml/llama is stopped (serving.kserve.io/stop): its ");
            assertThat(outcome(review, known(INFERENCE_SERVICE, STOPPED))).isEqualTo("unchanged");
        }
    }

    @Test
    @DisplayName("dry-run is answered the same")
    void dryRun() throws MalformedReview {
        ObjectNode review = service();
        review.withObject("/request").put("dryRun", true);
        assertThat(guard.answer(AdmissionRequest.parse(review), known(STOPPED)))
                .isEqualTo(guard.answer(AdmissionRequest.parse(service()), known(STOPPED)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @DisplayName("without any one of the signs in the request: allowed")
    void oneSignLess(Consumer<ObjectNode> change) throws MalformedReview {
        for (ObjectNode review : new ObjectNode[] {service(), deployment()}) {
            assertThat(outcome(review, known(STOPPED))).isEqualTo("denied");
            change.accept(review);
            assertThat(outcome(review, known(STOPPED))).isEqualTo("unchanged");
            assertThat(guard.lacksStop(AdmissionRequest.parse(review), Settings.DEFAULTS))
                    .as("nothing to wait for")
                    .isFalse();
        }
    }

    static Stream<Named<Consumer<ObjectNode>>> oneSignLess() {
        return Stream.of(
                sign("DELETE", it -> request(it).put("operation", "DELETE")),
                sign("CONNECT", it -> request(it).put("operation", "CONNECT")),
                sign("UPDATE that leaves the spec", it -> {
                    update(it);
                    request(it).withObject("/oldObject").set("spec", object(it).path("spec"));
                }),
                sign("UPDATE without what is stored", it -> request(it).put("operation", "UPDATE")),
                sign("the subresource status", it -> request(it).put("subResource", "status")),
                sign("the subresource scale", it -> request(it).put("subResource", "scale")),
                sign("being deleted", it -> metadata(it).put("deletionTimestamp", "2026-11-22T10:00:00Z")),
                sign("label trimtab.dev/ignore", it -> labels(it).put("trimtab.dev/ignore", "true")),
                sign("no label of KServe", it -> metadata(it).remove("labels")),
                sign("another service's label", it -> labels(it).put("serving.kserve.io/inferenceservice", "other")),
                sign(
                        "a graph's label",
                        it -> metadata(it).putObject("labels").put("serving.kserve.io/inferencegraph", "llama")),
                sign("no owner", it -> metadata(it).remove("ownerReferences")),
                sign("an owner that is no controller", it -> owner(object(it)).put("controller", false)),
                sign("an owner of another kind", it -> owner(object(it)).put("kind", "InferenceGraph")),
                sign("an owner of another group", it -> owner(object(it)).put("apiVersion", "example.com/v1beta1")),
                sign("an owner of another name", it -> owner(object(it)).put("name", "other")),
                sign("an owner without a UID", it -> owner(object(it)).remove("uid")),
                sign("no annotations", it -> template(it).remove("annotations")),
                sign("the annotation on the object only", it -> {
                    template(it).remove("annotations");
                    metadata(it).putObject("annotations").put(STOP, "true");
                }),
                sign("\"false\": runs on purpose", it -> annotations(it).put(STOP, "false")),
                sign("\"yes\": KServe runs it", it -> annotations(it).put(STOP, "yes")),
                sign("no text", it -> annotations(it).put(STOP, true)),
                sign("another kind", it -> object(it).put("kind", "StatefulSet")),
                sign("another version", it -> object(it).put("apiVersion", "v1")),
                sign("the platform's namespace", it -> request(it).put("namespace", "kserve")));
    }

    @Test
    @DisplayName("a Deployment of a Knative Revision, which has all labels of KServe too: allowed")
    void revision() throws MalformedReview {
        ObjectNode review = deployment();
        labels(review).put("serving.knative.dev/revision", "llama-predictor-00001");
        assertThat(outcome(review, known(STOPPED))).isEqualTo("unchanged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "True", "TRUE"})
    @DisplayName("the annotation in any case, as KServe reads it")
    void anyCase(String value) throws MalformedReview {
        ObjectNode review = service();
        annotations(review).put(STOP, value);
        assertThat(outcome(review, known(STOPPED))).isEqualTo("denied");
    }

    @ParameterizedTest
    @CsvSource({
        "uid-1, true,  KNATIVE,    false, denied",
        "uid-1, true,  STANDARD,   false, denied",
        "uid-2, true,  KNATIVE,    false, unchanged",
        "uid-1, false, KNATIVE,    false, unchanged",
        "uid-1, true,  MODEL_MESH, false, unchanged",
        "uid-1, true,  KNATIVE,    true,  unchanged"
    })
    @DisplayName("the owner must be this one, stopped, not ModelMesh, not left alone")
    void owners(String uid, boolean stopped, DeploymentMode mode, boolean ignored, String outcome)
            throws MalformedReview {
        KnownService owner = new KnownService(uid, stopped, Optional.of(mode), false, ignored);
        assertThat(outcome(service(), known(owner))).isEqualTo(outcome);
        assertThat(outcome(service(), Settings.DEFAULTS)).as("not known").isEqualTo("unchanged");
    }

    @Test
    @DisplayName("native stop, shown by another service: allowed, in the same mode and of the same kind only")
    void nativeStop() throws MalformedReview {
        Settings knative = known(STOPPED).withServices(it -> it.with(INFERENCE_SERVICE, "other", "running", NATIVE));
        assertThat(outcome(service(), knative)).isEqualTo("unchanged");
        assertThat(guard.lacksStop(AdmissionRequest.parse(service()), knative)).isFalse();
        assertThat(outcome(deployment(), knative)).isEqualTo("denied");

        Settings standard = known(STOPPED)
                .withServices(it -> it.with(
                        INFERENCE_SERVICE,
                        "other",
                        "running",
                        new KnownService("uid-2", true, Optional.of(STANDARD), true, false)));
        assertThat(outcome(deployment(), standard)).isEqualTo("unchanged");
        assertThat(outcome(service(), standard)).isEqualTo("denied");

        Settings graph = known(STOPPED).withServices(it -> it.with(INFERENCE_GRAPH, "other", "running", NATIVE));
        assertThat(outcome(service(), graph)).isEqualTo("denied");
    }

    @Test
    @DisplayName("the policy can know better than what is seen")
    void policy() throws MalformedReview {
        Settings seen = known(STOPPED).withServices(it -> it.with(INFERENCE_SERVICE, "other", "running", NATIVE));
        assertThat(outcome(service(), policy(seen, "lifecycle: {nativeStop: Never}")))
                .isEqualTo("denied");
        assertThat(outcome(service(), policy(known(STOPPED), "lifecycle: {nativeStop: Always}")))
                .isEqualTo("unchanged");
    }

    @Test
    @DisplayName("in Audit mode nothing is refused, only said")
    void audit() throws MalformedReview {
        AdmissionResponse verdict =
                guard.answer(AdmissionRequest.parse(service()), policy(known(STOPPED), "mode: Audit"));
        assertThat(verdict.outcome()).isEqualTo("warned");
        assertThat(verdict.toJson().at("/response/allowed").asBoolean()).isTrue();
        assertThat(verdict.toJson().at("/response/warnings"))
                .extracting(line -> line.asText())
                .containsExactly("trimtab: (audit) would refuse: InferenceService ml/llama is stopped"
                        + " (serving.kserve.io/stop): its Knative Service llama…");
    }

    @Test
    @DisplayName("a snapshot that may be behind: the owner not known, an older one of its name, or not stopped yet")
    void behind() throws MalformedReview {
        assertThat(guard.lacksStop(AdmissionRequest.parse(service()), known(STOPPED)))
                .isFalse();
        assertThat(guard.lacksStop(AdmissionRequest.parse(service()), Settings.DEFAULTS))
                .isTrue();
        assertThat(guard.lacksStop(
                        AdmissionRequest.parse(service()),
                        known(new KnownService("uid-0", true, Optional.of(KNATIVE), false, false))))
                .isTrue();
        assertThat(guard.lacksStop(
                        AdmissionRequest.parse(service()),
                        known(new KnownService("uid-1", false, Optional.of(KNATIVE), false, false))))
                .isTrue();
        assertThat(guard.lacksStop(
                        AdmissionRequest.parse(service()),
                        known(new KnownService("uid-1", true, Optional.of(MODEL_MESH), false, false))))
                .isFalse();
    }

    private String outcome(ObjectNode review, Settings settings) throws MalformedReview {
        return guard.answer(AdmissionRequest.parse(review), settings).outcome();
    }

    private static Settings known(KnownService service) {
        return known(INFERENCE_SERVICE, service);
    }

    private static Settings known(Stoppable kind, KnownService service) {
        return Settings.DEFAULTS.withServices(it -> KnownServices.UNKNOWN.with(kind, "ml", "llama", service));
    }

    private static Settings policy(Settings settings, String yaml) {
        String text = "apiVersion: trimtab.dev/v1alpha1\nkind: Policy\n" + yaml + "\n";
        return settings.withPolicy(PolicyLoader.load(text).policy().orElseThrow());
    }

    private static ObjectNode service() {
        return child("serving.knative.dev/v1", "Service");
    }

    private static ObjectNode deployment() {
        return child("apps/v1", "Deployment");
    }

    private static ObjectNode child(String apiVersion, String kind) {
        return yaml("""
                apiVersion: admission.k8s.io/v1
                kind: AdmissionReview
                request:
                  uid: "1"
                  operation: CREATE
                  namespace: ml
                  name: llama-predictor
                  object:
                    apiVersion: %s
                    kind: %s
                    metadata:
                      name: llama-predictor
                      namespace: ml
                      labels: {serving.kserve.io/inferenceservice: llama}
                      ownerReferences:
                        - {apiVersion: serving.kserve.io/v1beta1, kind: InferenceService, name: llama, uid: uid-1, controller: true}
                    spec:
                      template:
                        metadata: {annotations: {serving.kserve.io/stop: "true"}}
                        spec: {containers: [{image: "example/llama:1"}]}
                """.formatted(apiVersion, kind));
    }

    /** As KServe sends it where the service was just stopped: the stored one does not have the annotation. */
    private static ObjectNode update(ObjectNode review) {
        ObjectNode stored = object(review).deepCopy();
        stored.withObject("/spec/template/metadata/annotations").remove(STOP);
        request(review).put("operation", "UPDATE").set("oldObject", stored);
        return review;
    }

    private static Named<Consumer<ObjectNode>> sign(String name, Consumer<ObjectNode> change) {
        return Named.of(name, change);
    }

    private static ObjectNode request(ObjectNode review) {
        return review.withObject("/request");
    }

    private static ObjectNode object(ObjectNode review) {
        return review.withObject("/request/object");
    }

    private static ObjectNode metadata(ObjectNode review) {
        return object(review).withObject("/metadata");
    }

    private static ObjectNode labels(ObjectNode review) {
        return metadata(review).withObject("/labels");
    }

    private static ObjectNode template(ObjectNode review) {
        return object(review).withObject("/spec/template/metadata");
    }

    private static ObjectNode annotations(ObjectNode review) {
        return template(review).withObject("/annotations");
    }

    private static ObjectNode owner(ObjectNode object) {
        return (ObjectNode) ((ArrayNode) object.at(OWNER)).get(0);
    }

    private static ObjectNode yaml(String text) {
        return (ObjectNode) YamlStream.read(text).get(0).content();
    }
}

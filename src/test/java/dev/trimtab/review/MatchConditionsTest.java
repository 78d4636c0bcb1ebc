package dev.trimtab.review;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kserve.Recording;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.yaml.YamlStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import net.jqwik.api.statistics.StatisticsReport.StatisticsReportMode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A write that the matchConditions leave out is one that Trimtab would answer with "as sent": no patch, no warning, no
 * refusal. GoldenTest and StopGuardPropertyTest hold this for their cases too.
 */
class MatchConditionsTest {
    private static final MatchConditions MUTATING = MatchConditions.mutating();
    private static final MatchConditions VALIDATING = MatchConditions.validating();

    private static final String ISVC = """
            apiVersion: serving.kserve.io/v1beta1
            kind: InferenceService
            metadata:
              name: iris
              namespace: ml
              labels: {team: a}
              annotations: {example.com/a: b}
            spec: {predictor: {model: {modelFormat: {name: sklearn}}}}
            """;

    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: iris-predictor
              namespace: ml
              labels: {serving.kserve.io/inferenceservice: iris}
            spec:
              replicas: 1
              template: {spec: {containers: [{name: kserve-container, image: "example/model:1"}]}}
            """;

    private static final String SERVICE = """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: hello, namespace: ml}
            spec: {template: {spec: {containers: [{image: "example/model:1"}]}}}
            """;

    private static final Settings PROBES =
            Settings.DEFAULTS.withPolicy(PolicyLoader.load("""
                    apiVersion: trimtab.dev/v1alpha1
                    kind: Policy
                    profiles:
                      - name: all
                        probes: {readiness: {httpGet: {path: /ready}}, liveness: {tcpSocket: {}}}
                    """).policy().orElseThrow());

    private final Reviewer reviewer = new Reviewer(Set.of("kube-system"));
    private final StopGuard guard = new StopGuard(Set.of("kube-system"));
    private final AutoscalerGuard autoscalers = new AutoscalerGuard(Set.of("kube-system"));

    @StatisticsReport(StatisticsReportMode.OFF)
    @Property(tries = 4000 / SHARE, seed = SEED)
    void whatIsLeftOutWouldBeAnsweredWithNothing(
            @ForAll("objects") ObjectNode object, @ForAll("objects") ObjectNode old, @ForAll boolean same) {
        ObjectNode sent = sound(object);
        ObjectNode stored = same ? sent.deepCopy().without("status") : sound(old);
        stored.set("apiVersion", sent.path("apiVersion"));
        stored.set("kind", sent.path("kind"));
        ObjectNode review = Requests.of(sent, Optional.of(stored), false);
        boolean asked = !MUTATING.asked(review).isEmpty();
        Statistics.collect(asked);
        Statistics.coverage(it -> {
            it.check(true).percentage(share -> share > 10);
            it.check(false).percentage(share -> share > 10);
        });
        if (!asked) {
            assertNothing(Requests.send(reviewer, review, Settings.DEFAULTS));
            assertNothing(Requests.sendIgnored(reviewer, review, Settings.DEFAULTS));
        }
        if (VALIDATING.asked(review).isEmpty()) {
            assertNothing(guard.answer(request(review), Settings.DEFAULTS));
            assertNothing(autoscalers.answer(request(review), Settings.DEFAULTS));
        }
    }

    @Provide
    Arbitrary<ObjectNode> objects() {
        return new HostileInputTest().objects();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/metadata/annotations/trimtab.dev~1refresh",
                "/metadata/annotations/trimtab.dev~1left",
                "/metadata/annotations/trimtab.dev~1filled",
                "/metadata/annotations/trimtab.dev~1startup-seconds",
                "/metadata/annotations/serving.kserve.io~1stop",
                "/metadata/annotations/trimtab.dev~1keep",
                "/spec/template/metadata/annotations/trimtab.dev~1keep",
                "/metadata/annotations/serving.kserve.io~1deploymentMode",
                "/metadata/labels/trimtab.dev~1ignore",
                "/metadata/labels/team",
                "/spec/anything"
            })
    @DisplayName("asked: an update of the spec, an annotation or a label, also if it comes or goes")
    void askedAboutChanges(String place) {
        for (String yaml : List.of(ISVC, DEPLOYMENT, SERVICE)) {
            ObjectNode changed = object(yaml);
            Pointers.set(changed, JsonPointer.compile(place), changed.textNode("true"));
            assertThat(MUTATING.asked(update(changed, object(yaml)))).hasSize(1);
            assertThat(MUTATING.asked(update(object(yaml), changed))).hasSize(1);
        }
    }

    @Test
    @DisplayName(
            "not asked: the same again; finalizers, owners, managedFields; whatever is written while it is deleted")
    void leftOut() {
        for (String yaml : List.of(ISVC, DEPLOYMENT)) {
            assertThat(MUTATING.asked(update(object(yaml), object(yaml)))).isEmpty();
            ObjectNode managed = object(yaml);
            managed.withObject("/metadata").putArray("finalizers").add("inferenceservice.finalizers");
            managed.withObject("/metadata")
                    .putArray("managedFields")
                    .addObject()
                    .put("manager", "kubectl");
            managed.withObject("/metadata")
                    .putArray("ownerReferences")
                    .addObject()
                    .put("apiVersion", "v1");
            managed.withObject("/metadata").put("resourceVersion", "7");
            assertThat(MUTATING.asked(update(managed, object(yaml)))).isEmpty();
            assertThat(MUTATING.asked(update(object(yaml), managed))).isEmpty();
        }
        for (String yaml : List.of(ISVC, DEPLOYMENT, SERVICE)) {
            ObjectNode deleted = object(yaml);
            deleted.withObject("/metadata").put("deletionTimestamp", "2026-11-30T10:00:00Z");
            deleted.withObject("/spec").put("anything", "true");
            assertThat(MUTATING.asked(update(deleted, object(yaml)))).isEmpty();
            assertThat(MUTATING.asked(Requests.of(object(yaml), Optional.empty(), false)))
                    .as("a CREATE")
                    .hasSize(1);
        }
    }

    /** A warning says that a stored value is no longer legal, whatever the update is about. */
    @Test
    @DisplayName("asked about each update of a Knative Service: the cluster's limits may have changed since")
    void knativeServices() throws Exception {
        ObjectNode service = object(SERVICE);
        service.withObject("/spec/template/metadata/annotations").put("autoscaling.knative.dev/max-scale", "50");
        ObjectNode review = update(service, service);
        Settings limited = Settings.DEFAULTS.withKnative(Settings.DEFAULTS
                .knative()
                .withConfigMap("config-autoscaler", Map.of("max-scale-limit", "10", "max-scale", "10")));

        assertThat(MUTATING.asked(review)).containsExactly("services.trimtab.dev");
        assertThat(Requests.send(reviewer, review, limited).review().warnings()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"trimtab-policy, policy.trimtab.dev profiles.trimtab.dev", "kube-root-ca.crt, profiles.trimtab.dev"})
    @DisplayName(
            "of Trimtab's namespace only the policy is judged, and without matchConditions no other would be refused")
    void policy(String name, String asked) {
        ObjectNode map =
                object("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: trimtab}\ndata: {a: b}\n"
                        .formatted(name));
        ObjectNode review = Requests.of(map, Optional.empty(), false);

        assertThat(VALIDATING.asked(review)).containsExactly(asked.split(" "));
        assertThat(new PolicyReview("trimtab")
                        .answer(request(review), Settings.DEFAULTS.policy())
                        .isAllowed())
                .isEqualTo(!name.equals("trimtab-policy"));
    }

    /**
     * What four versions of KServe sent, each reconcile twice. In Knative mode the conditions of {@code /mutate} save
     * nothing: each dry-run has KServe's own template, which lacks what is filled.
     */
    @Test
    @DisplayName(
            "KServe's requests: the guard is asked only about what is stopped; unfilled Deployments are left alone")
    void recorded() {
        Calls services = new Calls();
        Calls unfilled = new Calls();
        Calls filled = new Calls();
        for (String version : Recording.VERSIONS) {
            Recording.knativeServices(version).forEach(it -> services.play(it, Settings.DEFAULTS));
            Recording.deployments(version).forEach(it -> unfilled.play(it, Settings.DEFAULTS));
            Recording.deployments(version).forEach(it -> filled.play(it, PROBES));
        }
        assertThat(services.toString()).isEqualTo("816 requests, 816 to /mutate, 14 to /validate");
        assertThat(unfilled.toString()).isEqualTo("1128 requests, 630 to /mutate, 113 to /validate");
        assertThat(filled.toString()).isEqualTo("1128 requests, 1088 to /mutate, 165 to /validate");
    }

    /** Requests about the objects of some recordings, and how many of them reach Trimtab. */
    private final class Calls {
        private int requests;
        private int mutate;
        private int validate;

        void play(Recording recording, Settings settings) {
            for (Recording.Life life : recording.lives()) {
                ObjectNode stored = send(life.created(), Optional.empty(), settings);
                for (ObjectNode rendered : life.rendered()) {
                    for (int reconcile = 0; reconcile < 2; reconcile++) {
                        ObjectNode answer = send(rendered, Optional.of(stored), settings);
                        if (!answer.path("spec").equals(stored.path("spec"))) {
                            stored = send(answer, Optional.of(stored), settings);
                        }
                    }
                }
            }
        }

        private ObjectNode send(ObjectNode sent, Optional<ObjectNode> stored, Settings settings) {
            ObjectNode review = Requests.of(sent, stored, true);
            AdmissionResponse answer = Requests.send(reviewer, review, settings);
            requests++;
            if (MUTATING.asked(review).isEmpty()) {
                assertNothing(answer);
            } else {
                mutate++;
            }
            if (!VALIDATING.asked(review).isEmpty()) {
                validate++;
            }
            return Requests.patched(sent, answer);
        }

        @Override
        public String toString() {
            return requests + " requests, " + mutate + " to /mutate, " + validate + " to /validate";
        }
    }

    private static void assertNothing(AdmissionResponse answer) {
        JsonNode response = answer.toJson().path("response");
        assertThat(response.path("allowed").asBoolean()).as("%s", response).isTrue();
        assertThat(response.has("patch")).as("%s", response).isFalse();
        assertThat(response.has("warnings")).as("%s", response).isFalse();
    }

    private static AdmissionRequest request(ObjectNode review) {
        try {
            return AdmissionRequest.parse(review);
        } catch (AdmissionRequest.MalformedReview malformed) {
            throw new AssertionError(malformed);
        }
    }

    private static ObjectNode update(ObjectNode sent, ObjectNode stored) {
        return Requests.of(sent, Optional.of(stored), false);
    }

    private static ObjectNode object(String yaml) {
        return (ObjectNode) YamlStream.read(yaml).get(0).content();
    }

    /** With the types that the API server makes sure of before it calls a webhook. */
    private static ObjectNode sound(ObjectNode any) {
        ObjectNode object = any.deepCopy();
        if (!object.path("metadata").isObject()) {
            object.putObject("metadata");
        }
        ObjectNode metadata = (ObjectNode) object.path("metadata");
        for (String map : List.of("annotations", "labels")) {
            if (metadata.path(map).isObject()) {
                ((ObjectNode) metadata.path(map)).properties().removeIf(it -> !it.getValue()
                        .isTextual());
            } else {
                metadata.remove(map);
            }
        }
        if (metadata.has("deletionTimestamp")) {
            metadata.put("deletionTimestamp", "2026-11-30T10:00:00Z");
        }
        ArrayNode owners = metadata.arrayNode();
        for (JsonNode owner : metadata.path("ownerReferences")) {
            if (owner.isObject()) {
                owners.add(((ObjectNode) owner).put("apiVersion", "serving.kserve.io/v1beta1"));
            }
        }
        metadata.set("ownerReferences", owners);
        for (String place :
                List.of("/spec", "/spec/template", "/spec/template/metadata", "/spec/template/metadata/annotations")) {
            JsonPointer at = JsonPointer.compile(place);
            if (!object.at(at).isObject()) {
                Pointers.remove(object, at);
            }
        }
        assertThat(new Manifest(object).metadata().isObject()).isTrue();
        return object;
    }
}

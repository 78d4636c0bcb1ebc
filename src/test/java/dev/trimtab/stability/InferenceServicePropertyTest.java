package dev.trimtab.stability;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.review.AdmissionResponse;
import dev.trimtab.review.Requests;
import dev.trimtab.review.Review;
import dev.trimtab.review.Reviewer;
import dev.trimtab.review.WrittenOut;
import dev.trimtab.review.WrittenOut.Changes;
import dev.trimtab.rules.Decision;
import dev.trimtab.snapshot.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every InferenceService and InferenceGraph: any annotation that comes or goes would start new pods. */
class InferenceServicePropertyTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final JsonPointer RECORD = Pointers.of("metadata", "annotations", FillRecord.ANNOTATION);
    private static final List<JsonPointer> OURS = List.of(
            Pointers.of("spec", "timeout"),
            Pointers.of("spec", "predictor", "timeout"),
            Pointers.of("spec", "transformer", "timeout"),
            Pointers.of("metadata", "annotations", "autoscaling.knative.dev/class"),
            Pointers.of("metadata", "annotations", "serving.knative.dev/rollout-duration"));

    private final Reviewer reviewer = new Reviewer(Reviewer.PLATFORM_NAMESPACES);

    @Property(tries = 1000 / SHARE, seed = SEED)
    void created(@ForAll("objects") ObjectNode object, @ForAll("settings") Settings settings) {
        check(object, Optional.empty(), settings);
    }

    @Property(tries = 1000 / SHARE, seed = SEED)
    void updated(
            @ForAll("objects") ObjectNode object,
            @ForAll("objects") ObjectNode before,
            @ForAll("settings") Settings then,
            @ForAll("settings") Settings now) {
        check(object, Optional.of(result(before, Optional.empty(), then)), now);
    }

    /** The file again, with or without what was filled: as stored, to the last annotation, whatever the policy says. */
    @Property(tries = 1000 / SHARE, seed = SEED)
    void appliedAgain(
            @ForAll("objects") ObjectNode object,
            @ForAll("settings") Settings then,
            @ForAll("later") List<Settings> later) {
        ObjectNode stored = result(object, Optional.empty(), then);
        for (Settings now : later) {
            assertThat(check(object, Optional.of(stored), now)).as("replaced").isEqualTo(stored);
            assertThat(check(stored, Optional.of(stored), now)).as("as stored").isEqualTo(stored);
            ObjectNode labelled = stored.deepCopy();
            Pointers.set(labelled, Pointers.of("metadata", "labels", "example.com/team"), JSON.textNode("a"));
            assertThat(check(labelled, Optional.of(stored), now)).as("labelled").isEqualTo(labelled);
        }
    }

    /** What {@code trimtab fix} writes. */
    @Property(tries = 1000 / SHARE, seed = SEED)
    void writtenOut(@ForAll("objects") ObjectNode object, @ForAll("settings") Settings settings) {
        ObjectNode written =
                new WrittenOut(reviewer, Changes.ALL).of(new Manifest(object), Optional.empty(), "ml", settings);
        Review review = reviewer.review(new Manifest(written), Optional.empty(), "ml", settings);

        assertThat(review.isAllowed() ? review.result() : written).isEqualTo(written);
        assertThat(new WrittenOut(reviewer, Changes.ALL).of(new Manifest(written), Optional.empty(), "ml", settings))
                .isEqualTo(written);
        if (settings.policy().mode() == Mode.ENFORCE) {
            assertThat(review.forecasts().values().stream().flatMap(List::stream))
                    .noneMatch(Decision.Clamped.class::isInstance);
        }
    }

    @Property(tries = 1000 / SHARE, seed = SEED)
    void clampsWrittenOut(@ForAll("objects") ObjectNode object, @ForAll("settings") Settings settings) {
        ObjectNode written =
                new WrittenOut(reviewer, Changes.CLAMPS).of(new Manifest(object), Optional.empty(), "ml", settings);
        Review review = reviewer.review(new Manifest(written), Optional.empty(), "ml", settings);

        if (settings.policy().mode() == Mode.ENFORCE && review.isAllowed()) {
            assertThat(review.forecasts().values().stream().flatMap(List::stream))
                    .noneMatch(Decision.Clamped.class::isInstance);
        }
    }

    @Provide
    Arbitrary<ObjectNode> objects() {
        Arbitrary<Map<String, String>> annotations = Arbitraries.maps(
                        Arbitraries.of(
                                "trimtab.dev/max-response-seconds",
                                "serving.kserve.io/deploymentMode",
                                "autoscaling.knative.dev/class",
                                "serving.knative.dev/rolloutDuration",
                                "example.com/owner"),
                        Arbitraries.of("10", "500", "x", "Standard", "Serverless", "hpa.autoscaling.knative.dev"))
                .ofMaxSize(3);
        return Combinators.combine(annotations, components(), components().optional(0.3), Arbitraries.of(0, 1, 2, 3, 4))
                .as((map, predictor, transformer, kind) -> {
                    boolean graph = kind == 4;
                    ObjectNode object = JSON.objectNode();
                    object.put("apiVersion", "serving.kserve.io/" + (graph ? "v1alpha1" : "v1beta1"));
                    object.put("kind", graph ? "InferenceGraph" : "InferenceService");
                    ObjectNode metadata = object.putObject("metadata").put("name", "llm");
                    if (!map.isEmpty()) {
                        map.forEach(metadata.putObject("annotations")::put);
                    }
                    if (graph) {
                        object.set("spec", predictor);
                    } else {
                        object.putObject("spec").set("predictor", predictor);
                        transformer.ifPresent(it -> object.withObject("/spec").set("transformer", it));
                    }
                    return object;
                });
    }

    private static Arbitrary<ObjectNode> components() {
        Arbitrary<JsonNode> timeouts = Arbitraries.of(JSON.numberNode(0), JSON.numberNode(60), JSON.textNode("x"));
        return Combinators.combine(
                        Arbitraries.of("", "", "cpu", "memory", "concurrency", "rps"),
                        timeouts.optional(0.3),
                        Arbitraries.of("model:1", "model:2"),
                        Arbitraries.of("", "", "30", "700"))
                .as((metric, timeout, image, response) -> {
                    ObjectNode component = JSON.objectNode();
                    if (!metric.isEmpty()) {
                        component.put("scaleMetric", metric).put("scaleTarget", 4);
                    }
                    timeout.ifPresent(it -> component.set("timeout", it));
                    if (!response.isEmpty()) {
                        component.putObject("annotations").put("trimtab.dev/max-response-seconds", response);
                    }
                    component.putArray("containers").addObject().put("image", image);
                    return component;
                });
    }

    @Provide
    Arbitrary<Settings> settings() {
        return Generated.settings();
    }

    @Provide
    Arbitrary<List<Settings>> later() {
        return Generated.settings().list().ofMinSize(1).ofMaxSize(3);
    }

    private ObjectNode check(ObjectNode sent, Optional<ObjectNode> stored, Settings settings) {
        AdmissionResponse answer = Requests.send(reviewer, Requests.of(sent, stored, false), settings);
        assertThat(Requests.send(reviewer, Requests.of(sent, stored, true), settings)
                        .toJson())
                .as("dry-run")
                .isEqualTo(answer.toJson());
        ObjectNode result = Requests.patched(sent, answer);
        assertThat(result(result, stored, settings)).as("idempotent").isEqualTo(result);
        assertThat(result(result, Optional.of(result), settings)).as("stored").isEqualTo(result);
        List<JsonPointer> filled = new ArrayList<>();
        for (Decision decision : answer.review().decisions()) {
            if (decision instanceof Decision.Filled it) {
                assertThat(sent.at(it.at()).isMissingNode()).as("%s", it.at()).isTrue();
                filled.add(it.at());
            }
        }
        if (stored.isEmpty() && answer.review().isAllowed()) {
            assertThat(result.at(RECORD).isMissingNode())
                    .as("the record comes only together with a fill")
                    .isEqualTo(filled.isEmpty() || settings.policy().mode() == Mode.AUDIT);
        }
        assertThat(withoutOurs(result)).isEqualTo(withoutOurs(sent));
        return result;
    }

    /** Only these places may ever change. */
    private static JsonNode withoutOurs(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        OURS.forEach(at -> Pointers.remove(copy, at));
        Pointers.remove(copy, RECORD);
        if (Pointers.isAbsent(copy.at("/metadata/annotations"))) {
            Pointers.remove(copy, Pointers.of("metadata", "annotations"));
        }
        return copy;
    }

    private ObjectNode result(ObjectNode sent, Optional<ObjectNode> stored, Settings settings) {
        return Requests.patched(sent, Requests.send(reviewer, Requests.of(sent, stored, false), settings));
    }
}

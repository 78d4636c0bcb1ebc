package dev.trimtab.stability;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.Corpus;
import dev.trimtab.knative.KnativeDefaulting;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.knative.validation.ServiceRules;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.review.AdmissionResponse;
import dev.trimtab.review.Requests;
import dev.trimtab.review.Reviewer;
import dev.trimtab.rules.Decision;
import dev.trimtab.snapshot.Settings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What Knative would take without us it takes with us, and makes nothing else of what we filled. */
class AcceptedByKnativeTest {
    private static final String ANSWERS = "knative-answers.json";

    private final Reviewer reviewer = new Reviewer(Reviewer.PLATFORM_NAMESPACES);

    @Property(tries = 8000 / SHARE, seed = SEED, maxDiscardRatio = 40)
    void created(@ForAll("services") ObjectNode service, @ForAll("settings") Settings settings) {
        // As written and as defaulted: an empty probe of a sidecar gets a threshold, which is refused there.
        ObjectNode defaulted = KnativeDefaulting.apply(service, null, settings.knative());
        Assume.that(ServiceRules.onCreate(service, settings.knative()).isEmpty()
                && ServiceRules.onCreate(defaulted, settings.knative()).isEmpty());
        AdmissionResponse answer = review(service, settings);
        Assume.that(answer.review().isAllowed());
        check(service, answer, settings.knative());
    }

    /** A pin is what Knative would fill at that moment, or 0 for "off" where it would fill nothing. */
    @Property(tries = 2000 / SHARE, seed = SEED)
    void pinned(@ForAll("services") ObjectNode service, @ForAll("settings") Settings settings) {
        AdmissionResponse answer = review(service, settings);
        ObjectNode unpinned = answer.review().result().deepCopy();
        List<Decision.Filled> pins = answer.review().decisions().stream()
                .filter(decision -> decision instanceof Decision.Filled filled && filled.pinned())
                .map(Decision.Filled.class::cast)
                .filter(pin -> !unpinned.at(pin.at()).isMissingNode())
                .toList();
        pins.forEach(pin -> Pointers.remove(unpinned, pin.at()));
        ObjectNode byKnative = KnativeDefaulting.apply(unpinned, null, settings.knative());
        for (Decision.Filled pin : pins) {
            JsonNode filled = byKnative.at(pin.at());
            boolean off = filled.isMissingNode()
                    && pin.value().isNumber()
                    && pin.value().intValue() == 0;
            assertThat(off || filled.equals(pin.value()))
                    .as("%s is pinned to %s, and Knative fills %s", pin.at(), pin.value(), filled)
                    .isTrue();
        }
    }

    @TestFactory
    @DisplayName("each Service that a real Knative accepted")
    Stream<DynamicTest> recorded() {
        return cases("services")
                .filter(answer -> answer.path("accepted").asBoolean())
                .map(answer -> dynamicTest(answer.path("case").asText(), () -> {
                    KnativeConfig config = Corpus.config(answer.path("config"));
                    ObjectNode service = (ObjectNode) answer.path("input");
                    check(service, review(service, Settings.DEFAULTS.withKnative(config)), config);
                }));
    }

    @TestFactory
    @DisplayName("each update by KServe that made no revision, or made one since config-defaults had changed: none now")
    Stream<DynamicTest> reconciled() {
        return cases("updates")
                .filter(answer -> answer.path("accepted").asBoolean())
                .filter(answer -> answer.path("generation").asInt() == 1
                        || answer.path("configAfter").has(KnativeConfig.CONFIG_DEFAULTS))
                .map(answer -> dynamicTest(answer.path("case").asText(), () -> {
                    Settings after = Settings.DEFAULTS.withKnative(Corpus.config(answer.path("configAfter")));
                    // Knative would not have created what a feature was switched on for.
                    Settings before = after.withKnative(after.knative()
                            .withDefaults(Settings.DEFAULTS.knative().defaults()));
                    StoredService service = StoredService.create(byKServe(answer.path("created")), before);
                    service.change(after);
                    ObjectNode rendered = byKServe(answer.path("created"));
                    rendered.set("spec", answer.path("dryRunUpdate"));
                    for (int i = 0; i < 3; i++) {
                        service.reconcile(rendered);
                        assertThat(service.generation()).isEqualTo(1);
                    }
                }));
    }

    private void check(ObjectNode service, AdmissionResponse answer, KnativeConfig config) {
        ObjectNode result = answer.review().result();
        assertThat(Requests.patched(service, answer)).as("the patch applied").isEqualTo(result);
        assertThat(ServiceRules.onCreate(result, config))
                .as("Knative's refusals")
                .isEmpty();
        ObjectNode stored = KnativeDefaulting.apply(result, null, config);
        assertThat(ServiceRules.onCreate(stored, config))
                .as("of what is stored")
                .isEmpty();
        FillRecord.of(result).filled().forEach((at, value) -> assertThat(stored.at(at))
                .as("%s as it is stored", at)
                .isEqualTo(value));
        assertThat(KnativeDefaulting.apply(stored, stored, config)).isEqualTo(stored);
    }

    private static ObjectNode byKServe(JsonNode recorded) {
        ObjectNode service = recorded.deepCopy();
        JsonPointer label = Pointers.of("metadata", "labels", "serving.kserve.io/inferenceservice");
        Pointers.set(service, label, service.textNode("llm"));
        return service;
    }

    private AdmissionResponse review(ObjectNode service, Settings settings) {
        return Requests.send(reviewer, Requests.of(service, Optional.empty(), false), settings);
    }

    private static Stream<JsonNode> cases(String kind) {
        return StreamSupport.stream(Corpus.json(ANSWERS).path(kind).spliterator(), false);
    }

    @Provide
    Arbitrary<ObjectNode> services() {
        return Generated.soundService();
    }

    @Provide
    Arbitrary<Settings> settings() {
        return Generated.settings();
    }
}

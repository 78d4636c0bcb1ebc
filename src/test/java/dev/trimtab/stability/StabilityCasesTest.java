package dev.trimtab.stability;

import static dev.trimtab.manifest.ScaleAnnotation.INITIAL_SCALE;
import static dev.trimtab.manifest.ScaleAnnotation.MAX_SCALE;
import static dev.trimtab.stability.Services.annotated;
import static dev.trimtab.stability.Services.handWritten;
import static dev.trimtab.stability.Services.rendered;
import static dev.trimtab.stability.Services.settings;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.review.Requests;
import dev.trimtab.review.Reviewer;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.stability.Outcome.Course;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The cases that the stability contract must hold, by their numbers, each twice: with the policy and Knative's
 * configuration unchanged, and with both changed in between. Case 18, a second review after Knative's defaulting, is
 * checked on every write by {@link StoredService}.
 */
class StabilityCasesTest {
    private static final String IMAGE = "ghcr.io/example/llm:1";
    private static final String NEW_IMAGE = "ghcr.io/example/llm:2";

    private static final Settings LIMITED =
            settings("mode: Enforce", Map.of("initial-scale", "2", "max-scale", "6", "max-scale-limit", "8"));

    /** Fills more than the default policy into each template that a rule sees. */
    private static final String MORE =
            "profiles: [{name: more, startupSeconds: 100, window: {scaleDownDelay: 5m}, containerConcurrency: 8}]";

    private static final Settings WITH_MORE = settings(MORE, Map.of());

    /**
     * What happens to policy and configuration between two writes.
     *
     * @param maxScale what a fill gives by now to a template that says nothing
     * @param initialScale the same
     */
    record Meanwhile(String name, Settings settings, String maxScale, String initialScale) {
        static final Meanwhile NOTHING = new Meanwhile("nothing changed", Settings.DEFAULTS, "0", "1");
        static final Meanwhile EVERYTHING = new Meanwhile(
                "policy and configuration changed",
                Services.settings(
                        "scaling: {maxScale: {whenUnset: Inherit}, initialScale: {default: Cluster}}",
                        Map.of("initial-scale", "5", "max-scale", "6", "allow-zero-initial-scale", "true")),
                "6",
                "5");

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Meanwhile> meanwhile() {
        return List.of(Meanwhile.NOTHING, Meanwhile.EVERYTHING);
    }

    @ParameterizedTest
    @MethodSource("meanwhile")
    @DisplayName("1: CREATE is filled by the policy in force")
    void create(Meanwhile meanwhile) {
        // When a Service is created
        StoredService service = StoredService.create(handWritten(IMAGE), meanwhile.settings());
        // Then it is filled, and the record says with what
        assertScale(service, meanwhile.maxScale(), meanwhile.initialScale());
        assertRecorded(service, MAX_SCALE, meanwhile.maxScale());
        assertRecorded(service, INITIAL_SCALE, meanwhile.initialScale());
        assertThat(service.answer().review().course()).isEqualTo(Course.CREATED);
    }

    @ParameterizedTest
    @MethodSource("meanwhile")
    @DisplayName("2: a finalizer or a label gets no patch")
    void metadata(Meanwhile meanwhile) {
        // Given a filled Service
        StoredService service = StoredService.create(handWritten(IMAGE), Settings.DEFAULTS);
        service.change(meanwhile.settings());
        for (String field : new String[] {"finalizers", "labels"}) {
            // When somebody adds one
            ObjectNode sent = service.copy();
            ObjectNode metadata = (ObjectNode) sent.path("metadata");
            if (field.equals("labels")) {
                metadata.putObject(field).put("team", "search");
            } else {
                metadata.putArray(field).add("example.com/wait");
            }
            service.write(sent);
            // Then that is all that is stored
            assertThat(service.copy()).isEqualTo(sent);
            assertUnchanged(service);
        }
    }

    @ParameterizedTest
    @MethodSource("meanwhile")
    @DisplayName("3: an empty patch, as of a storage migration, gets no patch")
    void emptyPatch(Meanwhile meanwhile) {
        // Given a filled Service
        StoredService service = StoredService.create(handWritten(IMAGE), Settings.DEFAULTS);
        service.change(meanwhile.settings());
        // When it is written as it is
        ObjectNode before = service.copy();
        service.write(before);
        // Then nothing changes
        assertThat(service.copy()).isEqualTo(before);
        assertUnchanged(service);
    }

    @ParameterizedTest
    @MethodSource("meanwhile")
    @DisplayName("4 and 5: KServe's reconcile of an unchanged Service: the template as stored, generation 1")
    void reconcile(Meanwhile meanwhile) {
        // Given what KServe rendered and Trimtab filled
        StoredService service = StoredService.create(rendered(IMAGE, "min-scale=1"), Settings.DEFAULTS);
        service.change(meanwhile.settings());
        ObjectNode before = service.copy();
        // When KServe sends the original again, as a dry-run
        ObjectNode dryRun = service.dryRun(rendered(IMAGE, "min-scale=1"));
        // Then it sees the stored template
        assertThat(dryRun.at(KnativeService.TEMPLATE)).isEqualTo(service.template());
        assertThat(service.answer().review().course()).isEqualTo(Course.REPLAYED);
        // And when it writes what it made of that, thrice
        for (int i = 0; i < 3; i++) {
            service.reconcile(rendered(IMAGE, "min-scale=1"));
            // Then nothing is patched
            assertThat(service.copy()).isEqualTo(before);
            assertUnchanged(service);
        }
    }

    @ParameterizedTest
    @MethodSource("meanwhile")
    @DisplayName("6, 7 and 8: a new image comes with the policy of today, is recorded, and then stays")
    void newImage(Meanwhile meanwhile) {
        // Given what KServe rendered and Trimtab filled
        StoredService service = StoredService.create(rendered(IMAGE), Settings.DEFAULTS);
        service.change(meanwhile.settings());
        // When the author changes the image, KServe's dry-run is filled by the current policy
        ObjectNode dryRun = service.dryRun(rendered(NEW_IMAGE));
        assertThat(annotation(dryRun, MAX_SCALE)).isEqualTo(meanwhile.maxScale());
        assertThat(annotation(dryRun, INITIAL_SCALE)).isEqualTo(meanwhile.initialScale());
        // And the real update has no patch on the template, and a complete record
        service.reconcile(rendered(NEW_IMAGE));
        assertThat(service.answer().patch())
                .allSatisfy(
                        operation -> assertThat(operation.path("path").asText()).startsWith("/metadata/annotations"));
        assertRecorded(service, MAX_SCALE, meanwhile.maxScale());
        assertRecorded(service, INITIAL_SCALE, meanwhile.initialScale());
        assertThat(service.generation()).isEqualTo(2);
        // Then later reconciles change nothing, whatever the policy becomes
        JsonNode template = service.template();
        for (Meanwhile next : meanwhile()) {
            service.change(next.settings());
            service.reconcile(rendered(NEW_IMAGE));
            assertThat(service.template()).isEqualTo(template);
        }
        assertThat(service.generation()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("meanwhile")
    @DisplayName("9: an explicit timeout that is not ours stays deleted")
    void deletedTimeout(Meanwhile meanwhile) {
        // Given a Service with the author's timeout
        StoredService service = StoredService.create(handWritten(IMAGE), Settings.DEFAULTS);
        service.change(meanwhile.settings());
        // When the author takes it out of the file, and nothing else
        ObjectNode sent = handWritten(IMAGE);
        ((ObjectNode) sent.at("/spec/template/spec")).remove("timeoutSeconds");
        service.write(withStoredMetadata(sent, service));
        // Then it is not put back: Knative's default applies
        assertThat(service.template().at("/spec/timeoutSeconds").asInt()).isEqualTo(300);
        // And since a revision comes anyway, it comes with the policy of today
        assertScale(service, meanwhile.maxScale(), meanwhile.initialScale());
    }

    @ParameterizedTest
    @MethodSource("meanwhile")
    @DisplayName("10: a field that we had filled is the author's once they set it")
    void authorTakesOver(Meanwhile meanwhile) {
        // Given a filled Service
        StoredService service = StoredService.create(rendered(IMAGE), Settings.DEFAULTS);
        service.change(meanwhile.settings());
        // When the author sets max-scale
        service.reconcile(rendered(IMAGE, "max-scale=4"));
        // Then it is as set, no longer in the record, and stays
        assertThat(service.value(MAX_SCALE)).isEqualTo("4");
        assertThat(service.record().filled()).doesNotContainKey(place(MAX_SCALE));
        service.reconcile(rendered(IMAGE, "max-scale=4"));
        assertThat(service.value(MAX_SCALE)).isEqualTo("4");
        assertThat(service.generation()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("meanwhile")
    @DisplayName("11: max lowered below the filled initial-scale clamps it")
    void maxBelowOurs(Meanwhile meanwhile) {
        // Given a Service whose initial-scale was filled with 3
        StoredService service =
                StoredService.create(handWritten(IMAGE, "min-scale=3", "max-scale=9"), Settings.DEFAULTS);
        assertThat(service.value(INITIAL_SCALE)).isEqualTo("3");
        service.change(meanwhile.settings());
        // When the author edits the stored object (kubectl edit): max-scale 2
        service.write(annotated(service.copy(), "min-scale=1", "max-scale=2"));
        // Then it is clamped with a warning, and still ours
        assertThat(service.value(INITIAL_SCALE)).isEqualTo("2");
        assertThat(service.warnings()).contains("trimtab: initial-scale 3 lowered to max-scale 2");
        assertRecorded(service, INITIAL_SCALE, "2");
    }

    @ParameterizedTest
    @MethodSource("meanwhile")
    @DisplayName("12: Argo CD or Flux applies the same file again")
    void appliedAgain(Meanwhile meanwhile) {
        // Given a filled Service
        StoredService service = StoredService.create(handWritten(IMAGE, "max-scale=3"), Settings.DEFAULTS);
        JsonNode template = service.template();
        service.change(meanwhile.settings());
        // When the same file replaces it, with none of our fields
        service.write(withStoredMetadata(handWritten(IMAGE, "max-scale=3"), service));
        // Then the template is as stored
        assertThat(service.template()).isEqualTo(template);
        assertThat(service.generation()).isEqualTo(1);
        // And also where the apply is merged into what is stored
        service.write(annotated(service.copy(), "max-scale=3"));
        assertThat(service.template()).isEqualTo(template);
        assertUnchanged(service);
    }

    @ParameterizedTest
    @MethodSource("meanwhile")
    @DisplayName("13: a revision name of the author's own, and a change of metadata")
    void ownRevisionName(Meanwhile meanwhile) {
        // Given a filled Service that names its revision
        ObjectNode named = handWritten(IMAGE);
        Pointers.set(named, Pointers.of("spec", "template", "metadata", "name"), named.textNode("llm-green"));
        StoredService service = StoredService.create(named, Settings.DEFAULTS);
        service.change(meanwhile.settings());
        // When a label is set
        ObjectNode sent = service.copy();
        ((ObjectNode) sent.path("metadata")).putObject("labels").put("team", "search");
        service.write(sent);
        // Then there is no patch: Knative would refuse any other template under this name
        assertUnchanged(service);
    }

    @ParameterizedTest
    @MethodSource("meanwhile")
    @DisplayName("14: the author's clamped value comes again, and the limits have changed")
    void clampedAgain(Meanwhile meanwhile) {
        // Given an author's initial-scale that was clamped at CREATE
        String[] annotations = {"max-scale=3", "initial-scale=7"};
        StoredService service = StoredService.create(rendered(IMAGE, annotations), Settings.DEFAULTS);
        assertThat(service.value(INITIAL_SCALE)).isEqualTo("3");
        JsonNode template = service.template();
        service.change(meanwhile.equals(Meanwhile.NOTHING) ? meanwhile.settings() : LIMITED);
        // When KServe sends the author's value again
        service.reconcile(rendered(IMAGE, annotations));
        // Then the clamped one is ours again
        assertThat(service.template()).isEqualTo(template);
        assertUnchanged(service);
        assertThat(service.record().clamped()).containsKey(place(INITIAL_SCALE));
    }

    @ParameterizedTest
    @MethodSource("meanwhile")
    @DisplayName("15: a limit set since makes our value illegal: that one moves, nothing else")
    void illegalSince(Meanwhile meanwhile) {
        // Given an unbounded max-scale and an initial-scale of 0 that we filled
        Settings zeroAllowed = settings("mode: Enforce", Map.of("allow-zero-initial-scale", "true"));
        StoredService service = StoredService.create(rendered(IMAGE, "min-scale=0"), zeroAllowed);
        assertScale(service, "0", "0");
        // When the cluster sets a limit and forbids zero (and, the second time, the policy changes too)
        service.change(
                meanwhile.equals(Meanwhile.NOTHING)
                        ? LIMITED
                        : LIMITED.withPolicy(meanwhile.settings().policy()));
        ObjectNode expected = annotated(service.copy(), "max-scale=8", "initial-scale=1");
        service.dryRun(rendered(IMAGE, "min-scale=0"));
        // Then both are clamped with a warning each
        assertThat(service.warnings())
                .containsExactlyInAnyOrder(
                        "trimtab: stored max-scale 0 changed to 8: the cluster has a max-scale-limit now",
                        "trimtab: stored initial-scale 0 changed to 1: the cluster no longer allows zero");
        service.reconcile(rendered(IMAGE, "min-scale=0"));
        assertThat(service.template()).isEqualTo(expected.at(KnativeService.TEMPLATE));
        // And from then on it stays
        service.reconcile(rendered(IMAGE, "min-scale=0"));
        assertThat(service.generation()).isEqualTo(2);
        assertRecorded(service, MAX_SCALE, "8");
        assertRecorded(service, INITIAL_SCALE, "1");
    }

    @ParameterizedTest
    @MethodSource("meanwhile")
    @DisplayName("16: an object that is being deleted is let through")
    void beingDeleted(Meanwhile meanwhile) {
        // Given a Service on its way out
        StoredService service = StoredService.create(handWritten(IMAGE), Settings.DEFAULTS);
        ObjectNode old = service.copy();
        ((ObjectNode) old.path("metadata")).put("deletionTimestamp", "2026-01-01T00:00:00Z");
        ObjectNode sent = old.deepCopy();
        ((ObjectNode) sent.path("spec")).remove("template");
        // When something of it is changed, then it is allowed as it is
        var answer = Requests.send(
                new Reviewer(Reviewer.PLATFORM_NAMESPACES),
                Requests.of(sent, Optional.of(old), false),
                meanwhile.settings());
        assertThat((Object) answer.patch()).isEqualTo(sent.arrayNode());
        assertThat(answer.toJson().at("/response/allowed").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("meanwhile")
    @DisplayName("17: created unseen: nothing is filled until the author asks, and then it stays")
    void createdUnseen(Meanwhile meanwhile) {
        // Given a Service that was created while the webhook was down
        StoredService service = StoredService.createUnseen(rendered(IMAGE), Settings.DEFAULTS);
        service.change(meanwhile.settings());
        ObjectNode before = service.copy();
        // When KServe reconciles, nothing happens
        service.reconcile(rendered(IMAGE));
        assertThat(service.copy()).isEqualTo(before);
        assertUnchanged(service);
        // When somebody annotates it with a token, then it gets the policy of today
        ObjectNode sent = service.copy();
        Pointers.set(sent, Pointers.of("metadata", "annotations", StabilityContract.REFRESH), sent.textNode("1"));
        service.write(sent);
        assertScale(service, meanwhile.maxScale(), meanwhile.initialScale());
        assertThat(service.answer().review().course()).isEqualTo(Course.REFRESHED);
        // And keeps it when KServe, which does not send the token, reconciles
        JsonNode template = service.template();
        service.reconcile(rendered(IMAGE));
        assertThat(service.template()).isEqualTo(template);
        assertThat(service.generation()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9", "+7", "-0", "007"})
    @DisplayName("19: the author writes another value that is clamped to the stored one: the next write is a replay")
    void clampedToTheSame(String value) {
        for (String before : List.of("initial-scale=7", "initial-scale=3")) {
            // Given a Service of KServe, whose initial-scale is 3 at most
            StoredService service = StoredService.create(rendered(IMAGE, "max-scale=3", before), Settings.DEFAULTS);
            JsonNode template = service.template();
            // When its author writes another value that Knative would clamp, or another spelling of a number
            String[] annotations = {"max-scale=3", "initial-scale=" + value};
            service.reconcile(rendered(IMAGE, annotations));
            JsonNode settled = service.template();
            if (Set.of("9", "+7", "007").contains(value)) {
                assertThat(settled).isEqualTo(template);
            }
            // Then each further reconcile is a replay, whatever the policy is
            service.change(WITH_MORE);
            service.reconcile(rendered(IMAGE, annotations));
            assertThat(service.template()).isEqualTo(settled);
            service.dryRun(rendered(IMAGE, annotations));
            assertThat(service.answer().review().course()).isEqualTo(Course.REPLAYED);
        }
    }

    @Test
    @DisplayName("19: the same by hand, where the file replaces the stored object and where it is merged into it")
    void clampedToTheSameByHand() {
        for (String value : List.of("9", "+7")) {
            String[] annotations = {"max-scale=3", "initial-scale=" + value};
            StoredService replaced =
                    StoredService.create(handWritten(IMAGE, "max-scale=3", "initial-scale=7"), Settings.DEFAULTS);
            replaced.write(withStoredMetadata(handWritten(IMAGE, annotations), replaced));
            StoredService merged =
                    StoredService.create(handWritten(IMAGE, "max-scale=3", "initial-scale=7"), Settings.DEFAULTS);
            merged.write(annotated(merged.copy(), annotations));
            for (StoredService service : List.of(replaced, merged)) {
                assertThat(service.generation()).isEqualTo(1);
                service.change(WITH_MORE);
                service.write(annotated(service.copy(), annotations));
                service.write(withStoredMetadata(handWritten(IMAGE, annotations), service));
                assertThat(service.generation()).isEqualTo(1);
            }
        }
    }

    @Test
    @DisplayName("19: a fill that a limit has moved, and then a value of the author's that is clamped to the same")
    void clampedToTheMoved() {
        Settings limited = settings("mode: Enforce", Map.of("max-scale", "5", "max-scale-limit", "10"));
        for (ObjectNode first : List.of(rendered(IMAGE), handWritten(IMAGE))) {
            StoredService service = StoredService.create(first, Settings.DEFAULTS);
            service.change(limited);
            service.write(withStoredMetadata(first, service));
            assertThat(service.value(MAX_SCALE)).isEqualTo("10");
            int generation = service.generation();
            ObjectNode wanted = annotated(first.deepCopy(), "max-scale=30");
            service.write(withStoredMetadata(wanted, service));
            service.change(settings(MORE, Map.of("max-scale", "5", "max-scale-limit", "10")));
            service.write(withStoredMetadata(wanted, service));
            assertThat(service.generation()).isEqualTo(generation);
        }
    }

    /** The file's spec in the stored object, with what Knative fills on CREATE only: what a client sends. */
    private static ObjectNode withStoredMetadata(ObjectNode file, StoredService service) {
        ObjectNode sent = service.copy();
        sent.set("spec", file.get("spec"));
        JsonNode links = service.template().at("/spec/enableServiceLinks");
        ((ObjectNode) sent.at("/spec/template/spec")).set("enableServiceLinks", links);
        return sent;
    }

    private static void assertUnchanged(StoredService service) {
        assertThat((Object) service.answer().patch()).isEqualTo(service.copy().arrayNode());
        assertThat(service.generation()).isEqualTo(1);
        assertThat(service.warnings()).isEmpty();
    }

    private static void assertScale(StoredService service, String maxScale, String initialScale) {
        assertThat(service.value(MAX_SCALE)).isEqualTo(maxScale);
        assertThat(service.value(INITIAL_SCALE)).isEqualTo(initialScale);
    }

    private static void assertRecorded(StoredService service, ScaleAnnotation key, String value) {
        assertThat(service.record().filled())
                .containsEntry(place(key), service.copy().textNode(value));
    }

    private static JsonPointer place(ScaleAnnotation key) {
        return KnativeService.annotation(key.key());
    }

    private static String annotation(ObjectNode service, ScaleAnnotation key) {
        return service.at(place(key)).asText();
    }
}

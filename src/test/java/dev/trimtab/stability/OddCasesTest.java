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
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.review.Review;
import dev.trimtab.review.Reviewer;
import dev.trimtab.rules.RolloutAnnotation;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.stability.FillRecord.Clamp;
import dev.trimtab.stability.Outcome.Course;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the contract must hold beside its numbered cases. */
class OddCasesTest {
    private static final String IMAGE = "ghcr.io/example/llm:1";
    private static final String NEW_IMAGE = "ghcr.io/example/llm:2";
    private static final JsonPointer MAX = KnativeService.annotation(MAX_SCALE.key());
    private static final JsonPointer INITIAL = KnativeService.annotation(INITIAL_SCALE.key());
    private static final JsonPointer RECORD = Pointers.of("metadata", "annotations", FillRecord.ANNOTATION);
    private static final String CLAMP_LABEL = "clamped.trimtab.dev/initial-scale";
    private static final Settings LIMITED =
            settings("mode: Enforce", Map.of("initial-scale", "5", "max-scale", "6", "max-scale-limit", "8"));

    private static final Settings CLUSTER =
            settings("scaling: {initialScale: {default: Cluster}}", Map.of("initial-scale", "5"));

    private static final Settings AUDIT =
            settings("mode: Audit", Map.of("initial-scale", "5", "max-scale", "6", "max-scale-limit", "8"));

    @Test
    @DisplayName(
            "an author who takes the container with the traffic out has changed the template: Knative probes another")
    void containerTakenOut() {
        Settings probed =
                settings("profiles: [{name: llm, probes: {readiness: {httpGet: {path: /health}}}}]", Map.of());
        ObjectNode both = rendered(IMAGE);
        ((ArrayNode) both.at(KnativeService.CONTAINERS))
                .add(Services.yaml("{name: transformer-container, image: t, ports: [{containerPort: 8081}]}"));
        StoredService service = StoredService.create(both, probed);
        JsonNode before = service.copy().at(KnativeService.CONTAINERS).path(0).path("readinessProbe");
        assertThat(before.isMissingNode()).isTrue();

        service.reconcile(rendered(IMAGE));

        JsonNode probe = service.copy().at(KnativeService.CONTAINERS).path(0).path("readinessProbe");
        assertThat(probe).isEqualTo(Services.yaml("{httpGet: {path: /health, port: 8080}, successThreshold: 1}"));
        ObjectNode settled = service.copy();
        service.reconcile(rendered(IMAGE));
        assertThat(service.template()).isEqualTo(settled.at(KnativeService.TEMPLATE));
    }

    @Test
    @DisplayName("a filled rollout duration gives way to the author's other spelling of its key, without a revision")
    void otherRollout() {
        Settings rollout = settings("profiles: [{name: slow, rolloutDuration: 120s}]", Map.of());
        JsonPointer other = Pointers.of("metadata", "annotations", RolloutAnnotation.OTHER_SPELLING);
        for (Settings later : List.of(rollout, settings("mode: Audit", Map.of()))) {
            StoredService merged = StoredService.create(handWritten(IMAGE), rollout);
            StoredService replaced = StoredService.create(handWritten(IMAGE), rollout);
            assertThat(merged.copy().at(RolloutAnnotation.AT).asText()).isEqualTo("120s");
            merged.change(later);
            replaced.change(later);

            ObjectNode edited = merged.copy();
            Pointers.set(edited, other, TextNode.valueOf("600s"));
            merged.write(edited);
            assertThat(merged.generation()).isEqualTo(1);
            ObjectNode file = replaced.copy();
            file.set("spec", handWritten(IMAGE).path("spec"));
            Pointers.remove(file, RolloutAnnotation.AT);
            Pointers.remove(file, RECORD);
            Pointers.set(file, other, TextNode.valueOf("600s"));
            replaced.write(file);

            for (StoredService service : List.of(merged, replaced)) {
                assertThat(service.copy().at(RolloutAnnotation.AT).isMissingNode())
                        .isTrue();
                assertThat(service.copy().at(other).asText()).isEqualTo("600s");
                assertThat(service.record().filled()).doesNotContainKey(RolloutAnnotation.AT);
                service.write(file);
                assertThat(service.copy().at(RolloutAnnotation.AT).isMissingNode())
                        .isTrue();
            }
        }
    }

    @Test
    @DisplayName("annotations that leave no room for the record: nothing is filled, and the API server stores them")
    void noRoomForTheRecord() {
        JsonPointer notes = Pointers.of("metadata", "annotations", "notes");
        ObjectNode full = handWritten(IMAGE);
        Pointers.set(full, notes, TextNode.valueOf("ä".repeat((256 * 1024 - "notes".length()) / 2)));
        Review left = reviewed(full);
        assertThat(left.course()).isEqualTo(Course.LEFT);
        assertThat(left.result()).isEqualTo(full);

        ObjectNode room = handWritten(IMAGE);
        Pointers.set(room, notes, TextNode.valueOf("a".repeat(255 * 1024)));
        assertThat(reviewed(room).course()).isEqualTo(Course.CREATED);
    }

    private static Review reviewed(ObjectNode sent) {
        return new Reviewer(Reviewer.PLATFORM_NAMESPACES)
                .review(new Manifest(sent), Optional.empty(), "ml", Settings.DEFAULTS);
    }

    @Test
    @DisplayName("a rollout duration of the author's own stays beside the other spelling")
    void ownRollout() {
        ObjectNode both = handWritten(IMAGE);
        Pointers.set(both, RolloutAnnotation.AT, TextNode.valueOf("90s"));
        StoredService service = StoredService.create(both, Settings.DEFAULTS);
        ObjectNode edited = service.copy();
        Pointers.set(
                edited,
                Pointers.of("metadata", "annotations", RolloutAnnotation.OTHER_SPELLING),
                TextNode.valueOf("600s"));
        service.write(edited);
        assertThat(service.copy().at(RolloutAnnotation.AT).asText()).isEqualTo("90s");
    }

    @Test
    @DisplayName("a clamp that is made in KServe's dry-run is known after its real update, and outlives new limits")
    void freshClampThroughKServe() {
        // Given a Service with bounds of its own
        StoredService service = StoredService.create(rendered(IMAGE, "max-scale=9"), Settings.DEFAULTS);
        // When its author sets an initial-scale above a lower max-scale
        String[] unsafe = {"max-scale=3", "initial-scale=7"};
        service.reconcile(rendered(IMAGE, unsafe));
        // Then it is clamped, and the record knows the author's value though the real update did not carry it
        assertThat(service.value(INITIAL_SCALE)).isEqualTo("3");
        assertThat(service.record().clamped()).containsEntry(INITIAL, clamp("7", "3"));
        assertThat(service.copy().at("/metadata/labels").has(CLAMP_LABEL)).isTrue();
        JsonNode template = service.template();
        // And when limits change, later reconciles give the same template, without the label
        service.change(LIMITED);
        for (int i = 0; i < 2; i++) {
            service.reconcile(rendered(IMAGE, unsafe));
            assertThat(service.template()).isEqualTo(template);
            assertThat(service.copy().at("/metadata/labels").has(CLAMP_LABEL)).isFalse();
        }
        assertThat(service.generation()).isEqualTo(2);
        assertThat(service.record().clamped()).containsEntry(INITIAL, clamp("7", "3"));
    }

    @Test
    @DisplayName("a hand-written Service gets no label for a clamp: its own update carries the record")
    void noLabelByHand() {
        StoredService service = StoredService.create(handWritten(IMAGE, "max-scale=9"), Settings.DEFAULTS);
        service.write(annotated(service.copy(), "max-scale=3", "initial-scale=7"));
        assertThat(service.record().clamped()).containsEntry(INITIAL, clamp("7", "3"));
        assertThat(service.copy().at("/metadata/labels").isMissingNode()).isTrue();
    }

    @Test
    @DisplayName("a refresh token fills anew what is ours, keeps what is the author's, and works once")
    void refresh() {
        // Given a filled Service and another policy
        StoredService service = StoredService.create(rendered(IMAGE, "min-scale=2"), Settings.DEFAULTS);
        service.change(LIMITED);
        // When a token is set
        service.write(withToken(service, "first"));
        // Then what was ours is filled anew
        assertThat(service.value(MAX_SCALE)).isEqualTo("8");
        assertThat(service.value(INITIAL_SCALE)).isEqualTo("2");
        assertThat(service.answer().review().course()).isEqualTo(Course.REFRESHED);
        // And the same token does nothing later
        service.change(Settings.DEFAULTS);
        service.write(withToken(service, "first"));
        assertThat(service.answer().review().course()).isEqualTo(Course.UNCHANGED);
        // And a new one does
        service.write(withToken(service, "second"));
        assertThat(service.value(MAX_SCALE)).isEqualTo("0");
    }

    @Test
    @DisplayName("a refresh clamps the author's value by the limits of today, not the clamped value again")
    void refreshOfAClamp() {
        StoredService service =
                StoredService.create(rendered(IMAGE, "max-scale=3", "initial-scale=7"), Settings.DEFAULTS);
        ObjectNode raised = annotated(service.copy(), "max-scale=5");
        Pointers.set(
                raised, Pointers.of("metadata", "annotations", StabilityContract.REFRESH), TextNode.valueOf("now"));
        service.write(raised);
        assertThat(service.value(INITIAL_SCALE)).isEqualTo("5");
        assertThat(service.record().clamped()).containsEntry(INITIAL, clamp("7", "5"));
    }

    @Test
    @DisplayName("an author's camelCase key overrides the kebab-case one that we had filled, and stays through KServe")
    void camelCaseOverridesOurs() {
        StoredService service = StoredService.create(rendered(IMAGE), Settings.DEFAULTS);
        assertThat(service.value(MAX_SCALE)).isEqualTo("0");
        for (int i = 0; i < 3; i++) {
            service.reconcile(rendered(IMAGE, "maxScale=4"));
            assertThat(service.value(MAX_SCALE)).isEqualTo("4");
            assertThat(service.copy().at(MAX).isMissingNode()).isTrue();
            assertThat(service.generation()).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("an author's camelCase key beside ours, in a merge by kubectl: ours gives way")
    void camelCaseMerged() {
        StoredService service = StoredService.create(handWritten(IMAGE), Settings.DEFAULTS);
        service.write(annotated(service.copy(), "maxScale=4"));
        assertThat(service.value(MAX_SCALE)).isEqualTo("4");
        assertThat(service.record().filled()).doesNotContainKey(MAX);
    }

    @Test
    @DisplayName("an author who takes out a clamped value gets the policy's, and keeps it")
    void clampedValueTakenOut() {
        StoredService service =
                StoredService.create(rendered(IMAGE, "max-scale=3", "initial-scale=7"), Settings.DEFAULTS);
        service.reconcile(rendered(IMAGE, "max-scale=3"));
        assertThat(service.value(INITIAL_SCALE)).isEqualTo("1");
        assertThat(service.record().filled()).containsEntry(INITIAL, TextNode.valueOf("1"));
        assertThat(service.record().clamped()).isEmpty();
        service.change(LIMITED);
        service.reconcile(rendered(IMAGE, "max-scale=3"));
        assertThat(service.value(INITIAL_SCALE)).isEqualTo("1");
        assertThat(service.generation()).isEqualTo(2);
    }

    @Test
    @DisplayName("the same where the policy's value happens to be the clamped one: nothing moves when the policy does")
    void clampedValueTakenOutOfTheSame() {
        StoredService service = StoredService.create(rendered(IMAGE, "initial-scale=0"), Settings.DEFAULTS);
        assertThat(service.record().clamped()).containsEntry(INITIAL, clamp("0", "1"));
        for (Settings now : List.of(Settings.DEFAULTS, CLUSTER, LIMITED.withKnative(CLUSTER.knative()))) {
            service.change(now);
            service.reconcile(rendered(IMAGE));
            assertThat(service.value(INITIAL_SCALE)).isEqualTo("1");
            assertThat(service.record().filled()).containsEntry(INITIAL, TextNode.valueOf("1"));
            assertThat(service.record().clamped()).isEmpty();
            assertThat(service.generation()).isEqualTo(1);
        }
        assertThat(service.copy().at("/metadata/labels").has(CLAMP_LABEL)).isFalse();
    }

    @Test
    @DisplayName("the same where the policy's value is what the author once wrote: it is not clamped again")
    void clampedValueTakenOutForTheSame() {
        StoredService service = StoredService.create(rendered(IMAGE, "max-scale=0"), LIMITED);
        assertThat(service.record().clamped()).containsEntry(MAX, clamp("0", "8"));
        service.change(Settings.DEFAULTS);
        for (int i = 0; i < 3; i++) {
            service.reconcile(rendered(IMAGE));
            assertThat(service.value(MAX_SCALE)).isEqualTo("0");
            assertThat(service.record().filled()).containsEntry(MAX, TextNode.valueOf("0"));
            assertThat(service.generation()).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("an author's value that agreed with ours and became illegal is no change when it is sent again")
    void agreedAndIllegalSince() {
        StoredService service = StoredService.create(rendered(IMAGE, "max-scale=0"), Settings.DEFAULTS);
        for (Settings now : List.of(LIMITED, LIMITED.withPolicy(CLUSTER.policy()), AUDIT)) {
            service.change(now);
            service.reconcile(rendered(IMAGE, "max-scale=0"));
            assertThat(service.value(MAX_SCALE)).isEqualTo("8");
            assertThat(service.value(INITIAL_SCALE)).isEqualTo("1");
            assertThat(service.generation()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "initial-scale=1"})
    @DisplayName("an author's value that is clamped to the very one that is stored: nothing moves when the policy does")
    void clampedToTheSame(String before) {
        String[] annotations = before.isEmpty() ? new String[0] : new String[] {before};
        StoredService service = StoredService.create(rendered(IMAGE, annotations), Settings.DEFAULTS);
        for (Settings now : List.of(Settings.DEFAULTS, CLUSTER, LIMITED.withPolicy(CLUSTER.policy()))) {
            service.reconcile(rendered(IMAGE, "initial-scale=0", "max-scale=0"));
            assertThat(service.record().clamped()).containsEntry(INITIAL, clamp("0", "1"));
            assertThat(service.value(INITIAL_SCALE)).isEqualTo("1");
            assertThat(service.generation()).isEqualTo(1);
            service.change(now);
        }
    }

    @Test
    @DisplayName("the same beside another change of the author's")
    void clampedValueTakenOutBesideAnother() {
        StoredService service = StoredService.create(rendered(IMAGE, "initial-scale=0"), Settings.DEFAULTS);
        for (Settings now : List.of(Settings.DEFAULTS, CLUSTER, AUDIT.withKnative(CLUSTER.knative()))) {
            service.change(now);
            service.reconcile(rendered(NEW_IMAGE));
            assertThat(service.value(INITIAL_SCALE)).isEqualTo("1");
            assertThat(service.record().clamped()).isEmpty();
            assertThat(service.generation()).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("both spellings in what KServe renders are the author's: neither gives way")
    void bothSpellingsRendered() {
        StoredService service = StoredService.create(rendered(IMAGE), Settings.DEFAULTS);
        for (int i = 0; i < 3; i++) {
            service.reconcile(rendered(IMAGE, "max-scale=0", "maxScale=4"));
            assertThat(service.value(MAX_SCALE)).isEqualTo("0");
            assertThat(service.copy()
                            .at(KnativeService.annotation("autoscaling.knative.dev/maxScale"))
                            .asText())
                    .isEqualTo("4");
            assertThat(service.generation()).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("a limit set below min-scale leaves no max-scale at all: ours goes, with a warning")
    void limitBelowMin() {
        StoredService service = StoredService.create(rendered(IMAGE, "min-scale=12"), Settings.DEFAULTS);
        assertThat(service.value(MAX_SCALE)).isEqualTo("0");
        service.change(LIMITED);
        service.dryRun(rendered(IMAGE, "min-scale=12"));
        assertThat(service.warnings())
                .containsExactly(
                        "trimtab: stored max-scale 0 left out: the cluster's limit 8 is below the 12 pods asked for");
        for (int i = 0; i < 2; i++) {
            service.reconcile(rendered(IMAGE, "min-scale=12"));
            assertThat(service.value(MAX_SCALE)).isEmpty();
            assertThat(service.value(INITIAL_SCALE)).isEqualTo("12");
            assertThat(service.generation()).isEqualTo(2);
        }
        assertThat(service.record().filled()).doesNotContainKey(MAX);
    }

    @Test
    @DisplayName("an author who raises a clamped value to one that is fine is heard")
    void clampedValueChanged() {
        StoredService service =
                StoredService.create(rendered(IMAGE, "max-scale=3", "initial-scale=7"), Settings.DEFAULTS);
        service.reconcile(rendered(IMAGE, "max-scale=3", "initial-scale=2"));
        assertThat(service.value(INITIAL_SCALE)).isEqualTo("2");
        assertThat(service.record().clamped()).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("a broken or forged record never breaks a write, and puts back nothing but what is stored")
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{\"filled\":[1]}",
                "{\"filled\":{\"no pointer\":1}}",
                "{\"filled\":{\"\":1},\"clamped\":{\"\":[1,2]}}",
                "{\"clamped\":{\"/spec\":[1]}}",
                "{\"filled\":{\"/spec/template/spec/containers/7/image\":\"x\",\"/a/b\":null}}",
                "{\"filled\":{\"/spec/template/spec/containers/0/image\":\"evil:1\"}}",
                "{\"clamped\":{\"/spec/template/spec/containers/0/image\":[\"ghcr.io/example/llm:2\",\"evil:1\"]}}"
            })
    void forgedRecord(String record) {
        // Given a filled Service whose record somebody wrote over
        StoredService service = StoredService.create(rendered(IMAGE), Settings.DEFAULTS);
        ObjectNode sent = service.copy();
        Pointers.set(sent, RECORD, TextNode.valueOf(record));
        service.write(sent);
        JsonNode template = service.template();
        // When it is written as it is: the record goes back to what is stored
        assertThat(service.answer().review().course()).isEqualTo(Course.UNCHANGED);
        assertThat(service.record().filled()).containsKeys(MAX, INITIAL);
        // And where it was forged at CREATE, nothing of it gets into the template
        ObjectNode forged = rendered(IMAGE);
        Pointers.set(forged, RECORD, TextNode.valueOf(record));
        StoredService created = StoredService.create(forged, Settings.DEFAULTS);
        assertThat(created.template()).isEqualTo(template);
        // And neither does it where it got stored while the webhook was down
        StoredService unseen = StoredService.createUnseen(forged, Settings.DEFAULTS);
        JsonNode before = unseen.template();
        unseen.reconcile(rendered(IMAGE));
        assertThat(unseen.template()).isEqualTo(before);
        unseen.reconcile(rendered(NEW_IMAGE));
        assertThat(unseen.template().at("/spec/containers/0/image").asText()).isEqualTo(NEW_IMAGE);
    }

    @Test
    @DisplayName("in Audit mode nothing is filled or clamped, but what was filled before is replayed")
    void auditKeepsReplaying() {
        StoredService service = StoredService.create(rendered(IMAGE, "min-scale=1"), Settings.DEFAULTS);
        ObjectNode before = service.copy();
        service.change(settings("mode: Audit", Map.of("initial-scale", "5")));
        service.reconcile(rendered(IMAGE, "min-scale=1"));
        assertThat(service.copy()).isEqualTo(before);
        // And a change of the author's is left to Knative as it is
        service.reconcile(rendered(NEW_IMAGE, "min-scale=1"));
        assertThat(service.value(MAX_SCALE)).isEmpty();
        assertThat(service.value(INITIAL_SCALE)).isEmpty();
        // And that stays when Trimtab enforces again
        service.change(Settings.DEFAULTS);
        service.reconcile(rendered(NEW_IMAGE, "min-scale=1"));
        assertThat(service.generation()).isEqualTo(2);
        assertThat(service.value(MAX_SCALE)).isEmpty();
    }

    @Test
    @DisplayName("many Services reviewed at once come out as one by one")
    void independent() {
        List<String> images = List.of("a:1", "b:1", "c:1", "d:1", "e:1", "f:1", "g:1", "h:1");
        List<ObjectNode> alone = images.stream()
                .map(image -> StoredService.create(rendered(image), LIMITED).copy())
                .toList();
        List<ObjectNode> together = images.parallelStream()
                .map(image -> StoredService.create(rendered(image), LIMITED).copy())
                .toList();
        assertThat(together).isEqualTo(alone);
    }

    private static Clamp clamp(String author, String ours) {
        return new Clamp(TextNode.valueOf(author), TextNode.valueOf(ours));
    }

    private static ObjectNode withToken(StoredService service, String token) {
        ObjectNode sent = service.copy();
        Pointers.set(sent, Pointers.of("metadata", "annotations", StabilityContract.REFRESH), TextNode.valueOf(token));
        return sent;
    }
}

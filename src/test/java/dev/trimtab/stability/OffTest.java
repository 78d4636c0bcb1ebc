package dev.trimtab.stability;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;
import static dev.trimtab.stability.Services.handWritten;
import static dev.trimtab.stability.Services.rendered;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.stability.Outcome.Course;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Off means nothing new, never undo: switches and histories in which the generation moves exactly with the author. */
class OffTest {
    private static final JsonPointer CONCURRENCY = KnativeService.POD_SPEC.appendProperty("containerConcurrency");
    private static final Settings OTHER = Services.settings(
            "profiles: [{name: all, startupSeconds: 400, maxResponseSeconds: 250}]", Map.of("initial-scale", "4"));
    private static final Settings AUDIT = Services.settings("mode: Audit", Map.of());

    /** The ways to switch Trimtab off, and on. */
    enum Switch {
        ON,
        OTHER_POLICY,
        AUDIT_MODE,
        OBJECT,
        NAMESPACE;

        void apply(StoredService service) {
            service.ignoreNamespace(this == NAMESPACE);
            service.change(
                    switch (this) {
                        case ON, OBJECT, NAMESPACE -> Settings.DEFAULTS;
                        case OTHER_POLICY -> OTHER;
                        case AUDIT_MODE -> AUDIT;
                    });
        }

        /** As KServe renders it: the label of the InferenceService comes to the template as well. */
        ObjectNode labelled(ObjectNode service) {
            if (this == OBJECT) {
                JsonNode yes = service.textNode("true");
                Pointers.set(service, Pointers.of("metadata", "labels", Manifest.IGNORE), yes);
                if (new KnativeService(service).origin() != Kind.KNATIVE_SERVICE) {
                    Pointers.set(service, Pointers.of("spec", "template", "metadata", "labels", Manifest.IGNORE), yes);
                }
            }
            return service;
        }
    }

    /** @param image that the author wants by then */
    record Step(Switch to, String image, boolean afterConflict) {}

    @Property(tries = 1000 / SHARE, seed = SEED)
    void historyOfKserve(@ForAll("history") List<Step> history) {
        StoredService service = StoredService.create(rendered("llm:1"), Settings.DEFAULTS);
        String image = "llm:1";
        int edits = 0;
        for (Step step : history) {
            step.to().apply(service);
            edits += step.image().equals(image) ? 0 : 1;
            image = step.image();
            ObjectNode sent = step.to().labelled(rendered(image));
            if (step.afterConflict()) {
                service.reconcileAfterConflict(sent);
            } else {
                service.reconcile(sent);
            }
            assertThat(service.generation()).as("%s", step).isEqualTo(1 + edits);
            assertThat(service.record().within(service.copy())).isEqualTo(service.record());
        }
    }

    /** The policy may be switched between the two requests of one reconcile. */
    @Property(tries = 1000 / SHARE, seed = SEED)
    void switchedWithinAReconcile(@ForAll("history") List<Step> history, @ForAll("history") List<Step> within) {
        StoredService service = StoredService.create(rendered("llm:1"), Settings.DEFAULTS);
        String image = "llm:1";
        int edits = 0;
        for (int i = 0; i < history.size(); i++) {
            Step step = history.get(i);
            edits += step.image().equals(image) ? 0 : 1;
            image = step.image();
            step.to().apply(service);
            ObjectNode answer = service.dryRun(rendered(image));
            within.get(i % within.size()).to().apply(service);
            service.adopt(answer);
            assertThat(service.generation()).as("%s", step).isEqualTo(1 + edits);
        }
    }

    /** The file as its author has it, or the stored object with a change. */
    @Property(tries = 1000 / SHARE, seed = SEED)
    void historyOfAPerson(@ForAll("history") List<Step> history) {
        StoredService service = StoredService.create(handWritten("llm:1"), Settings.DEFAULTS);
        String image = "llm:1";
        int edits = 0;
        for (Step step : history) {
            step.to().apply(service);
            edits += step.image().equals(image) ? 0 : 1;
            image = step.image();
            ObjectNode sent = service.copy();
            Pointers.remove(sent, Pointers.of("metadata", "labels", Manifest.IGNORE));
            ((ObjectNode) sent.at("/spec/template/spec/containers/0")).put("image", image);
            service.write(step.to().labelled(sent));
            assertThat(service.generation()).as("%s", step).isEqualTo(1 + edits);
        }
    }

    @Provide
    Arbitrary<List<Step>> history() {
        return Combinators.combine(
                        Arbitraries.of(Switch.class),
                        Arbitraries.of("llm:1", "llm:1", "llm:2"),
                        Arbitraries.of(false, false, true))
                .as(Step::new)
                .list()
                .ofMinSize(2)
                .ofMaxSize(10);
    }

    @ParameterizedTest
    @EnumSource(
            value = Switch.class,
            names = {"OBJECT", "NAMESPACE", "AUDIT_MODE"})
    @DisplayName("an author's change while Trimtab is off is stored as it was sent, and the record goes")
    void changedWhileOff(Switch off) {
        StoredService service = StoredService.create(rendered("llm:1"), Settings.DEFAULTS);
        assertThat(service.record().filled()).isNotEmpty();
        off.apply(service);
        service.reconcile(off.labelled(rendered("llm:2")));
        assertThat(service.value(ScaleAnnotation.MAX_SCALE)).isEmpty();
        // What KServe itself writes and a rule would have filled as well is all that is left of it.
        assertThat(service.record().filled()).containsOnlyKeys(CONCURRENCY);
        assertThat(service.warnings()).allMatch(it -> it.startsWith("trimtab: (audit) "));
        // And nothing comes back when it is on again.
        Switch.ON.apply(service);
        service.reconcile(rendered("llm:2"));
        assertThat(service.generation()).isEqualTo(2);
        assertThat(service.value(ScaleAnnotation.MAX_SCALE)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Switch.class,
            names = {"OBJECT", "NAMESPACE"})
    @DisplayName("off is silent, and says in the audit log why")
    void silent(Switch off) {
        StoredService service = StoredService.create(rendered("llm:1"), Settings.DEFAULTS);
        off.apply(service);
        service.dryRun(off.labelled(rendered("llm:1")));
        assertThat(service.answer().review().course()).isEqualTo(Course.REPLAYED);
        assertThat(service.answer().review().decisions().get(0).because()).contains(Manifest.IGNORE);
        assertThat(service.warnings()).isEmpty();
    }

    @Test
    @DisplayName("what was let go of stays as it is sent, in every mode, and a new refresh token takes it back")
    void left() {
        StoredService service = StoredService.create(rendered("llm:1"), Settings.DEFAULTS);
        ObjectNode leaving = service.copy();
        Pointers.remove(leaving, Pointers.of("metadata", "annotations", FillRecord.ANNOTATION));
        Pointers.set(leaving, Pointers.of("metadata", "annotations", FillRecord.LEFT), leaving.textNode("by-hand"));
        service.write(leaving);
        assertThat(service.generation()).isEqualTo(1);
        assertThat(service.answer().review().course()).isEqualTo(Course.LEFT);
        // KServe's next reconcile makes one revision without our fills, and no more.
        for (Switch each : Switch.values()) {
            each.apply(service);
            service.reconcile(rendered("llm:1"));
            assertThat(service.generation()).isEqualTo(2);
            assertThat(service.value(ScaleAnnotation.MAX_SCALE)).isEmpty();
        }
        Switch.ON.apply(service);
        ObjectNode asking = service.copy();
        Pointers.set(asking, Pointers.of("metadata", "annotations", StabilityContract.REFRESH), asking.textNode("1"));
        service.write(asking);
        assertThat(service.value(ScaleAnnotation.MAX_SCALE)).isEqualTo("0");
        assertThat(new Manifest(service.copy()).annotations().has(FillRecord.LEFT))
                .isFalse();
        assertThat(service.generation()).isEqualTo(3);
    }

    @Test
    @DisplayName("a record that was moved to trimtab.dev/left is taken out by a refresh, and filled anew")
    void leftWithItsRecord() {
        StoredService service = StoredService.create(rendered("llm:1"), Settings.DEFAULTS);
        ObjectNode leaving = service.copy();
        JsonNode record = leaving.at(Pointers.of("metadata", "annotations", FillRecord.ANNOTATION));
        Pointers.remove(leaving, Pointers.of("metadata", "annotations", FillRecord.ANNOTATION));
        Pointers.set(leaving, Pointers.of("metadata", "annotations", FillRecord.LEFT), record);
        service.write(leaving);
        Switch.OTHER_POLICY.apply(service);
        ObjectNode asking = service.copy();
        Pointers.set(asking, Pointers.of("metadata", "annotations", StabilityContract.REFRESH), asking.textNode("1"));
        service.write(asking);
        assertThat(service.template().at("/metadata/annotations").has("serving.knative.dev/progress-deadline"))
                .isTrue();
        assertThat(service.record().filled()).isNotEmpty();
    }

    @Test
    @DisplayName("a label that says what was clamped is not believed when its author asks for the policy of today")
    void labelIsNotBelieved() {
        for (String label : List.of("7", "7_1", "")) {
            for (ObjectNode written : List.of(handWritten("llm:1"), rendered("llm:1"))) {
                StoredService service = StoredService.create(written, Settings.DEFAULTS);
                ObjectNode asking = service.copy();
                Pointers.set(
                        asking,
                        Pointers.of("metadata", "annotations", StabilityContract.REFRESH),
                        asking.textNode("1"));
                Pointers.set(
                        asking,
                        Pointers.of("metadata", "labels", "clamped.trimtab.dev/initial-scale"),
                        asking.textNode(label));
                // The write asserts that the second review finds nothing to change.
                service.write(asking);
                assertThat(service.value(ScaleAnnotation.INITIAL_SCALE)).isNotEqualTo("7");
            }
        }
    }
}

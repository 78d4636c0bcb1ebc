package dev.trimtab.stability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.Revisions;
import dev.trimtab.knative.ScaleAnnotation;
import dev.trimtab.knative.ServiceRules;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.Conflicts;
import dev.trimtab.policy.InitialScaleOnUpdate;
import dev.trimtab.review.Answer;
import dev.trimtab.review.Requests;
import dev.trimtab.review.Reviewer;
import dev.trimtab.review.Settings;
import dev.trimtab.rules.Decision;
import dev.trimtab.rules.Legality;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every Service, policy and configuration. */
class StabilityPropertyTest {
    private final Reviewer reviewer = new Reviewer(Reviewer.PLATFORM_NAMESPACES);

    @Property(tries = 2000, seed = "20261121")
    void created(@ForAll("any") ObjectNode service, @ForAll("settings") Settings settings) {
        check(service, Optional.empty(), settings);
    }

    @Property(tries = 2000, seed = "20261121")
    void updated(
            @ForAll("any") ObjectNode service,
            @ForAll("any") ObjectNode before,
            @ForAll("settings") Settings then,
            @ForAll("settings") Settings now) {
        ObjectNode stored = review(before, Optional.empty(), then).review().result();
        check(service, Optional.of(stored), now);
    }

    /** The file again, with or without what was filled: the likeliest UPDATE of all. */
    @Property(tries = 2000, seed = "20261121")
    void appliedAgain(
            @ForAll("any") ObjectNode service, @ForAll("settings") Settings then, @ForAll("settings") Settings now) {
        Answer created = review(service, Optional.empty(), then);
        ObjectNode stored = created.review().result();
        check(service, Optional.of(stored), now);
        check(stored, Optional.of(stored), now);
    }

    /** Unchanged means equal: KServe reconciles on and on, whatever becomes of policy and configuration. */
    @Property(tries = 2000, seed = "20261121")
    void reconciled(
            @ForAll("sound") ObjectNode before,
            @ForAll("sound") ObjectNode annotations,
            @ForAll("settings") Settings first,
            @ForAll("later") List<Settings> later) {
        ObjectNode created = rendered(before);
        ObjectNode rendered = rendered(annotations);
        Assume.that(isStored(created, Optional.empty(), first));
        StoredService service = StoredService.create(created, first);
        // Once the author changes something, in the two steps of KServe.
        Assume.that(isStored(rendered, Optional.of(service.copy()), first));
        service.reconcile(rendered);
        for (Settings now : later) {
            int generation = service.generation();
            JsonNode template = service.template();
            var illegal = Legality.of(service.copy(), now.knative().autoscaler());
            boolean legal = illegal.isEmpty();
            // What Knative refuses by now and nobody may or can clamp is the author's to mend.
            if (illegal.entrySet().stream()
                    .anyMatch(it -> rendered.at(it.getKey()).isTextual()
                            && (now.policy().conflicts() != Conflicts.CLAMP
                                    || it.getValue().nearest().isMissingNode()))) {
                return;
            }
            // So is a metric that the cluster's new default class does not know, where no class was ever written.
            if (ServiceRules.onCreate(service.copy(), now.knative()).stream()
                    .anyMatch(problem -> problem.contains(ScaleAnnotation.METRIC.key()))) {
                return;
            }
            service.change(now);
            service.reconcile(rendered);
            if (legal) {
                assertThat(service.template()).isEqualTo(template);
                assertThat(service.generation()).isEqualTo(generation);
            }
            // And each further reconcile leaves all of it alone.
            ObjectNode settled = service.copy();
            service.reconcile(rendered);
            assertThat(service.template()).isEqualTo(settled.at(KnativeService.TEMPLATE));
        }
    }

    /** How many pods run may change between any two requests, and replicas of Trimtab may see it at different times. */
    @Property(tries = 500, seed = "20261121")
    void reconciledWhileItScales(
            @ForAll("sound") ObjectNode before,
            @ForAll("sound") ObjectNode annotations,
            @ForAll("trafficMatched") Settings settings,
            @ForAll("running") List<Revisions> running) {
        ObjectNode created = rendered(before);
        ObjectNode rendered = rendered(annotations);
        Assume.that(isStored(created, Optional.empty(), settings));
        StoredService service = StoredService.create(created, settings);
        Assume.that(isStored(rendered, Optional.of(service.copy()), settings));
        AtomicInteger request = new AtomicInteger();
        service.meanwhile(now -> now.withRevisions(known -> running.get(request.getAndIncrement() % running.size())));
        service.reconcile(rendered);
        JsonNode template = service.template();
        int generation = service.generation();
        for (int round = 0; round < 3; round++) {
            service.reconcile(rendered);
            assertThat(service.template()).isEqualTo(template);
            assertThat(service.generation()).isEqualTo(generation);
        }
    }

    @Provide
    Arbitrary<Settings> trafficMatched() {
        return Generated.settings()
                .filter(it -> it.policy().scaling().initialScaleOnUpdate() == InitialScaleOnUpdate.TRAFFIC_MATCHED);
    }

    @Provide
    Arbitrary<List<Revisions>> running() {
        return Generated.running().list().ofMinSize(2).ofMaxSize(5);
    }

    @Provide
    Arbitrary<ObjectNode> any() {
        return Generated.anyService();
    }

    @Provide
    Arbitrary<ObjectNode> sound() {
        return Generated.soundAnnotations();
    }

    @Provide
    Arbitrary<Settings> settings() {
        return Generated.settings();
    }

    @Provide
    Arbitrary<List<Settings>> later() {
        return Generated.settings().list().ofMinSize(1).ofMaxSize(4);
    }

    private static ObjectNode rendered(ObjectNode annotations) {
        ObjectNode rendered = Services.rendered("ghcr.io/example/llm:1");
        Pointers.set(rendered, KnativeService.TEMPLATE_ANNOTATIONS, annotations);
        return rendered;
    }

    /** Whether neither Trimtab nor Knative refuses it. */
    private boolean isStored(ObjectNode sent, Optional<ObjectNode> stored, Settings settings) {
        Answer answer = review(sent, stored, settings);
        return answer.review().isAllowed()
                && ServiceRules.onCreate(answer.review().result(), settings.knative())
                        .isEmpty();
    }

    private void check(ObjectNode sent, Optional<ObjectNode> stored, Settings settings) {
        ObjectNode untouched = sent.deepCopy();
        Answer answer = review(sent, stored, settings);
        assertThat(sent).as("the object that was sent").isEqualTo(untouched);
        ObjectNode result = Requests.patched(sent, answer);
        assertThat(Requests.send(reviewer, Requests.of(sent, stored, true), settings)
                        .toJson())
                .as("dry-run")
                .isEqualTo(answer.toJson());
        if (!answer.review().isAllowed()) {
            assertThat(result).as("refused").isEqualTo(sent);
            return;
        }
        assertThat(result).as("the patch applied").isEqualTo(answer.review().result());
        assertNoPatch(result, stored, settings);
        assertNoPatch(result, Optional.of(result), settings);
        assertAuthorSurvives(sent, answer, result);
        // Where ours gave way to the author's other spelling, Knative now judges what the author wrote.
        if (verdict(sent, stored, settings).isEmpty() && !gaveWay(sent, result)) {
            assertThat(verdict(result, stored, settings)).as("Knative").isEmpty();
        }
    }

    private void assertNoPatch(ObjectNode result, Optional<ObjectNode> stored, Settings settings) {
        assertThat((Object) review(result, stored, settings).patch())
                .as("idempotent")
                .isEqualTo(result.arrayNode());
    }

    /** A place changes only where a decision says so, and is filled only where its author had left it out. */
    private static void assertAuthorSurvives(ObjectNode sent, Answer answer, ObjectNode result) {
        ObjectNode expected = result.deepCopy();
        for (Decision decision : answer.review().decisions()) {
            if (decision instanceof Decision.Filled it) {
                assertThat(sent.at(it.at()).isMissingNode() || sent.at(it.at()).isNull() || gaveWay(sent, it.at()))
                        .as("%s was left out", it.at())
                        .isTrue();
                putBack(sent, it.at(), expected);
            } else if (decision instanceof Decision.Clamped it) {
                putBack(sent, it.at(), expected);
            } else if (decision instanceof Decision.Replayed it) {
                putBack(sent, it.at(), expected);
            }
        }
        for (ScaleAnnotation key : ScaleAnnotation.values()) {
            JsonPointer ours = KnativeService.annotation(key.key());
            if (result.at(ours).isMissingNode() && gaveWay(sent, ours)) {
                putBack(sent, ours, expected);
            }
        }
        assertThat(withoutOurs(expected)).isEqualTo(withoutOurs(sent));
    }

    private static void putBack(ObjectNode sent, JsonPointer at, ObjectNode expected) {
        Pointers.remove(expected, at);
        if (!sent.at(at).isMissingNode()) {
            Pointers.set(expected, at, sent.at(at));
        }
    }

    /** Whether the author wrote the other spelling of a key: ours may go then. */
    private static boolean gaveWay(ObjectNode sent, JsonPointer at) {
        return Arrays.stream(ScaleAnnotation.values())
                .filter(key -> KnativeService.annotation(key.key()).equals(at))
                .anyMatch(key ->
                        key.spellings().stream().skip(1).anyMatch(new KnativeService(sent).templateAnnotations()::has));
    }

    private static boolean gaveWay(ObjectNode sent, ObjectNode result) {
        return List.of(ScaleAnnotation.MAX_SCALE, ScaleAnnotation.INITIAL_SCALE).stream()
                .map(key -> KnativeService.annotation(key.key()))
                .anyMatch(at -> sent.at(at).isTextual() && result.at(at).isMissingNode());
    }

    private static JsonNode withoutOurs(ObjectNode service) {
        ObjectNode copy = service.deepCopy();
        Pointers.remove(copy, Pointers.of("metadata", "annotations", FillRecord.ANNOTATION));
        Pointers.remove(copy, Pointers.of("metadata", "labels", "filled.trimtab.dev/initial-scale"));
        for (String name : List.of("max-scale", "initial-scale")) {
            Pointers.remove(copy, Pointers.of("metadata", "labels", "clamped.trimtab.dev/" + name));
        }
        for (JsonPointer map : List.of(
                KnativeService.TEMPLATE_ANNOTATIONS,
                Pointers.of("spec", "template", "metadata", "labels"),
                KnativeService.TEMPLATE_ANNOTATIONS.head(),
                Pointers.of("metadata", "annotations"),
                Pointers.of("metadata", "labels"))) {
            if (Pointers.isAbsent(copy.at(map))) {
                Pointers.remove(copy, map);
            }
        }
        return copy;
    }

    private static List<String> verdict(ObjectNode service, Optional<ObjectNode> stored, Settings settings) {
        return stored.map(old -> ServiceRules.onUpdate(service, old, settings.knative()))
                .orElseGet(() -> ServiceRules.onCreate(service, settings.knative()));
    }

    private Answer review(ObjectNode object, Optional<ObjectNode> stored, Settings settings) {
        return Requests.send(reviewer, Requests.of(object, stored, false), settings);
    }
}

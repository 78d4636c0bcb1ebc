package dev.trimtab.stability;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.knative.KnativeDefaulting;
import dev.trimtab.knative.Unset;
import dev.trimtab.knative.validation.ServiceRules;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.policy.Policy.Conflicts;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.policy.Scaling.InitialScaleOnUpdate;
import dev.trimtab.review.AdmissionResponse;
import dev.trimtab.review.Requests;
import dev.trimtab.review.Review;
import dev.trimtab.review.Reviewer;
import dev.trimtab.review.WrittenOut;
import dev.trimtab.review.WrittenOut.Changes;
import dev.trimtab.rules.AutoscalerNeed;
import dev.trimtab.rules.Decision;
import dev.trimtab.rules.Draft;
import dev.trimtab.rules.Legality;
import dev.trimtab.snapshot.Revisions;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.stability.Outcome.Course;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every Service, policy and configuration. */
class StabilityPropertyTest {
    private static final JsonPointer TIMEOUT = KnativeService.POD_SPEC.appendProperty("timeoutSeconds");
    private static final JsonPointer CONCURRENCY = KnativeService.POD_SPEC.appendProperty("containerConcurrency");

    private static final JsonNode OWN_NAME = TextNode.valueOf("llm-own");

    private final Reviewer reviewer = new Reviewer(Reviewer.PLATFORM_NAMESPACES);

    @Property(tries = 2000 / SHARE, seed = SEED)
    void created(@ForAll("any") ObjectNode service, @ForAll("settings") Settings settings) {
        check(service, Optional.empty(), settings);
    }

    /** What {@code trimtab fix} writes: nothing is left to fill or to clamp, and the record stays out of Git. */
    @Property(tries = 2000 / SHARE, seed = SEED)
    void writtenOut(@ForAll("any") ObjectNode service, @ForAll("settings") Settings settings) {
        ObjectNode written =
                new WrittenOut(reviewer, Changes.ALL).of(new Manifest(service), Optional.empty(), "ml", settings);
        Review review = reviewer.review(new Manifest(written), Optional.empty(), "ml", settings);

        assertThat(review.isAllowed() ? review.result() : written).isEqualTo(written);
        assertThat(new WrittenOut(reviewer, Changes.ALL).of(new Manifest(written), Optional.empty(), "ml", settings))
                .isEqualTo(written);
        if (new KnativeService(service).origin() == Kind.KNATIVE_SERVICE) {
            assertThat(new Manifest(written).annotations().has(FillRecord.ANNOTATION))
                    .isEqualTo(new Manifest(service).annotations().has(FillRecord.ANNOTATION));
        }
        if (settings.policy().mode() == Mode.ENFORCE) {
            assertThat(review.decisions()).noneMatch(Decision.Clamped.class::isInstance);
        }
    }

    /** Clamps alone: nothing is left to clamp, no field is new, and the cluster stores the same template. */
    @Property(tries = 2000 / SHARE, seed = SEED)
    void clampsWrittenOut(@ForAll("any") ObjectNode service, @ForAll("settings") Settings settings) {
        ObjectNode written =
                new WrittenOut(reviewer, Changes.CLAMPS).of(new Manifest(service), Optional.empty(), "ml", settings);
        Review before = reviewer.review(new Manifest(service), Optional.empty(), "ml", settings);
        Review after = reviewer.review(new Manifest(written), Optional.empty(), "ml", settings);

        if (settings.policy().mode() == Mode.ENFORCE) {
            assertThat(after.decisions()).noneMatch(Decision.Clamped.class::isInstance);
        }
        JsonPointer template = new Manifest(service).kind().template();
        assertThat(after.result().at(template)).isEqualTo(before.result().at(template));
        assertThat(places(written)).isEqualTo(places(service));
    }

    /** Fills alone: every value of the author stays, and nothing is left to fill. */
    @Property(tries = 2000 / SHARE, seed = SEED)
    void fillsWrittenOut(@ForAll("any") ObjectNode service, @ForAll("settings") Settings settings) {
        ObjectNode written =
                new WrittenOut(reviewer, Changes.FILLS).of(new Manifest(service), Optional.empty(), "ml", settings);
        Review before = reviewer.review(new Manifest(service), Optional.empty(), "ml", settings);
        Review after = reviewer.review(new Manifest(written), Optional.empty(), "ml", settings);

        if (after.isAllowed() && settings.policy().mode() == Mode.ENFORCE) {
            assertThat(after.decisions()).noneMatch(Decision.Filled.class::isInstance);
            before.decisions().stream()
                    .filter(Decision.Clamped.class::isInstance)
                    .forEach(it -> assertThat(written.at(it.at())).isEqualTo(service.at(it.at())));
        }
    }

    private static Set<String> places(JsonNode tree) {
        Set<String> places = new TreeSet<>();
        tree.properties().forEach(it -> {
            places.add(it.getKey());
            places(it.getValue()).forEach(below -> places.add(it.getKey() + "/" + below));
        });
        for (int i = 0; tree.isArray() && i < tree.size(); i++) {
            String index = i + "/";
            places(tree.get(i)).forEach(below -> places.add(index + below));
        }
        return places;
    }

    @Property(tries = 2000 / SHARE, seed = SEED)
    void updated(
            @ForAll("any") ObjectNode service,
            @ForAll("any") ObjectNode before,
            @ForAll("settings") Settings then,
            @ForAll("settings") Settings later) {
        Settings now = withFeatures(later, then);
        ObjectNode stored = review(before, Optional.empty(), then).review().result();
        check(service, Optional.of(stored), now);
    }

    /** Knative takes no other template under the same name: a fill that a new limit forbids would lock the Service. */
    @Property(tries = 2000 / SHARE, seed = SEED)
    void namedRevisionIsNotLocked(
            @ForAll("any") ObjectNode service, @ForAll("settings") Settings then, @ForAll("settings") Settings later) {
        Pointers.set(service, KnativeService.TEMPLATE.append(JsonPointer.compile("/metadata/name")), OWN_NAME);
        Assume.that(!new KnativeService(service).revisionName().isEmpty());
        Review created = review(service, Optional.empty(), then).review();
        List<JsonPointer> filled = created.decisions().stream()
                .filter(Decision.Filled.class::isInstance)
                .map(Decision::at)
                .filter(at -> at.head().equals(KnativeService.TEMPLATE_ANNOTATIONS))
                .toList();
        assertThat(Legality.of(created.result(), later.knative()))
                .doesNotContainKeys(filled.toArray(JsonPointer[]::new));
    }

    /** The file again, with or without what was filled: the likeliest UPDATE of all. */
    @Property(tries = 2000 / SHARE, seed = SEED)
    void appliedAgain(
            @ForAll("any") ObjectNode service, @ForAll("settings") Settings then, @ForAll("settings") Settings later) {
        Settings now = withFeatures(later, then);
        AdmissionResponse created = review(service, Optional.empty(), then);
        ObjectNode stored = created.review().result();
        check(service, Optional.of(stored), now);
        check(stored, Optional.of(stored), now);
    }

    /** Unchanged means equal: KServe reconciles on and on, whatever becomes of policy and configuration. */
    @Property(tries = 2000 / SHARE, seed = SEED)
    void reconciled(
            @ForAll("pod") ObjectNode before,
            @ForAll("pod") ObjectNode after,
            @ForAll("parts") Parts parts,
            @ForAll("settings") Settings first,
            @ForAll("later") List<Settings> later) {
        ObjectNode created = Services.withResources(before, parts.resources());
        ObjectNode rendered = Services.withResources(after, parts.resources());
        Generated.write(parts.numbersBefore(), created);
        Generated.write(parts.numbers(), rendered);
        Assume.that(isStored(created, Optional.empty(), first));
        StoredService service = StoredService.create(created, first);
        // Once the author changes something, in the two steps of KServe.
        Assume.that(isStored(rendered, Optional.of(service.copy()), first));
        service.reconcile(rendered);
        if (first.policy().mode() == Mode.ENFORCE) {
            service.dryRun(rendered);
            assertReplayed(service);
        }
        for (Settings changed : later) {
            Settings now = withFeatures(changed, first);
            int generation = service.generation();
            JsonNode template = service.template();
            var illegal = Legality.of(service.copy(), now.knative());
            boolean legal = illegal.isEmpty();
            // What Knative refuses by now and nobody may or can clamp is the author's to mend.
            if (illegal.entrySet().stream()
                    .anyMatch(it -> rendered.at(it.getKey()).isTextual()
                            && (now.policy().conflicts() != Conflicts.CLAMP
                                    || it.getValue().nearest().isMissingNode()))) {
                return;
            }
            boolean held = isHeld(service.copy(), first, now);
            // A default that nothing pins rolls the Service: the author's clamped values are judged anew, and an
            // illegal
            // value beside that is not held here yet.
            // Neither is the record, where a policy that no longer pins leaves it to Knative to fill the same again.
            boolean pins = now.policy().pinDefaults();
            if (!held && (!legal || !pins || now.policy().conflicts() != Conflicts.CLAMP)) {
                return;
            }
            if (refusesNumbers(rendered, held ? service.record() : FillRecord.EMPTY, now)) {
                return;
            }
            // So is a metric that the cluster's new default class does not know, where no class was ever written.
            if (ServiceRules.onCreate(service.copy(), now.knative()).stream()
                    .anyMatch(problem -> problem.contains(ScaleAnnotation.METRIC.key()))) {
                return;
            }
            service.change(now);
            service.reconcile(rendered);
            if (legal && held) {
                assertThat(service.template()).isEqualTo(template);
                assertThat(service.generation()).isEqualTo(generation);
            }
            // And each further reconcile leaves all of it alone.
            ObjectNode settled = service.copy();
            service.reconcile(rendered);
            assertThat(service.template()).isEqualTo(settled.at(KnativeService.TEMPLATE));
            if (!held) {
                return;
            }
        }
    }

    /** What a write has made of the author's numbers is known to the next one, which sends the same and is a replay. */
    @Property(tries = 1000 / SHARE, seed = SEED)
    void settledAtOnce(
            @ForAll("scales") Map<String, String> before,
            @ForAll("scales") Map<String, String> after,
            @ForAll("settings") Settings first,
            @ForAll("settings") Settings later,
            @ForAll boolean byKServe) {
        Assume.that(first.policy().mode() == Mode.ENFORCE && first.policy().conflicts() == Conflicts.CLAMP);
        ObjectNode created = scaled(byKServe, before);
        ObjectNode wanted = scaled(byKServe, after);
        Assume.that(isStored(created, Optional.empty(), first));
        StoredService service = StoredService.create(created, first);
        Assume.that(isStored(wanted, Optional.of(service.copy()), first));
        send(service, wanted, byKServe);
        JsonNode template = service.template();

        service.change(later.withKnative(first.knative()));
        send(service, wanted, byKServe);
        assertReplayed(service);
        assertThat(service.template()).isEqualTo(template);
    }

    private static void assertReplayed(StoredService service) {
        assertThat(service.answer().review().course())
                .as("%s", service.answer().review().decisions())
                .isIn(Course.UNCHANGED, Course.REPLAYED);
    }

    private static ObjectNode scaled(boolean byKServe, Map<String, String> scales) {
        String[] annotations = scales.entrySet().stream()
                .map(it -> it.getKey() + "=" + it.getValue())
                .toArray(String[]::new);
        return byKServe
                ? Services.rendered("example/llm:1", annotations)
                : Services.handWritten("example/llm:1", annotations);
    }

    /** KServe's two steps, or a file that replaces the stored object. */
    private static void send(StoredService service, ObjectNode wanted, boolean byKServe) {
        if (byKServe) {
            service.reconcile(wanted);
        } else {
            ObjectNode sent = service.copy();
            sent.set("spec", wanted.path("spec").deepCopy());
            service.write(sent);
        }
    }

    /** One spelling of each key: of two, one may be a fill that was merged, and nothing tells which. */
    @Provide
    Arbitrary<Map<String, String>> scales() {
        return Arbitraries.maps(
                        Arbitraries.of("min-scale", "max-scale", "maxScale", "initial-scale", "initialScale"),
                        Arbitraries.of("0", "-0", "1", "+2", "3", "7", "007", "+9", "20", "30"))
                .ofMaxSize(3)
                .filter(it -> !it.keySet().containsAll(Set.of("max-scale", "maxScale"))
                        && !it.keySet().containsAll(Set.of("initial-scale", "initialScale")));
    }

    /** How many pods run may change between any two requests, and replicas of Trimtab may see it at different times. */
    @Property(tries = 500 / SHARE, seed = SEED)
    void reconciledWhileItScales(
            @ForAll("pod") ObjectNode created,
            @ForAll("pod") ObjectNode rendered,
            @ForAll("trafficMatched") Settings settings,
            @ForAll("running") List<Revisions> running) {
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

    /** Whether Knative has nothing to fill that we could not pin, or were told not to. */
    private static boolean isHeld(ObjectNode stored, Settings first, Settings now) {
        if (first.policy().mode() == Mode.AUDIT || !first.policy().pinDefaults()) {
            return now.knative().defaults().equals(first.knative().defaults());
        }
        ObjectNode filled = KnativeDefaulting.apply(stored, stored, now.knative());
        if (filled.equals(stored)) {
            return true;
        }
        // Only a default for a resource that had none, or for a timeout whose default was 0, gets in.
        if (Unset.is(TIMEOUT, stored.at(TIMEOUT))) {
            return false;
        }
        for (ObjectNode service : List.of(filled, stored)) {
            service.at(KnativeService.CONTAINERS).forEach(it -> ((ObjectNode) it).remove("resources"));
        }
        assertThat(filled).as("what Knative fills beside our pins").isEqualTo(stored);
        return false;
    }

    /** Whether Knative would refuse one of the author's numbers, or one that it fills where we pinned none. */
    private static boolean refusesNumbers(ObjectNode rendered, FillRecord record, Settings now) {
        ObjectNode result = rendered.deepCopy();
        // What is recorded is ours, and moves.
        for (JsonPointer at : List.of(TIMEOUT, CONCURRENCY)) {
            if (record.filled().containsKey(at)) {
                Pointers.set(result, at, result.numberNode(1));
            }
        }
        return ServiceRules.onCreate(KnativeDefaulting.apply(result, null, now.knative()), now.knative()).stream()
                .anyMatch(problem -> problem.contains("timeoutSeconds") || problem.contains("containerConcurrency"));
    }

    /** The policy may be edited between any two requests, and replicas of Trimtab may see it at different times. */
    @Property(tries = 1000 / SHARE, seed = SEED)
    void reconciledWhileThePolicyChanges(
            @ForAll("pod") ObjectNode created,
            @ForAll("pod") ObjectNode rendered,
            @ForAll("settings") Settings first,
            @ForAll("later") List<Settings> others) {
        List<Settings> all = others.stream()
                .map(it -> it.withKnative(first.knative()).withCluster(first.cluster()))
                .toList();
        for (Settings settings : all) {
            Assume.that(isStored(created, Optional.empty(), settings));
            Assume.that(isStored(rendered, Optional.empty(), settings));
        }
        StoredService service = StoredService.create(created, all.get(0));
        for (Settings settings : all) {
            Assume.that(isStored(rendered, Optional.of(service.copy()), settings));
        }
        AtomicInteger request = new AtomicInteger();
        service.meanwhile(now -> all.get(request.getAndIncrement() % all.size()));
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
    Arbitrary<ObjectNode> pod() {
        return Generated.pod(Generated.soundAnnotations().map(StabilityPropertyTest::rendered));
    }

    @Provide
    Arbitrary<String> resources() {
        return Generated.resources();
    }

    @Provide
    Arbitrary<Settings> settings() {
        return Generated.settings();
    }

    @Provide
    Arbitrary<List<Settings>> later() {
        return Generated.settings().list().ofMinSize(1).ofMaxSize(4);
    }

    /** Knative says of most flags that they cannot be switched off again: it then refuses what is stored. */
    private static Settings withFeatures(Settings later, Settings then) {
        return later.withKnative(later.knative().withFeatures(then.knative().features()));
    }

    /** What both of KServe's Services have, and the numbers before and after their author's change. */
    record Parts(String resources, Map<String, JsonNode> numbersBefore, Map<String, JsonNode> numbers) {}

    @Provide
    Arbitrary<Parts> parts() {
        return Combinators.combine(Generated.resources(), Generated.numbers(), Generated.numbers())
                .as(Parts::new);
    }

    private static ObjectNode rendered(ObjectNode annotations) {
        ObjectNode rendered = Services.rendered("ghcr.io/example/llm:1");
        Pointers.set(rendered, KnativeService.TEMPLATE_ANNOTATIONS, annotations);
        return rendered;
    }

    /** Whether neither Trimtab nor Knative refuses it. */
    private boolean isStored(ObjectNode sent, Optional<ObjectNode> stored, Settings settings) {
        AdmissionResponse answer = review(sent, stored, settings);
        ObjectNode defaulted =
                KnativeDefaulting.apply(answer.review().result(), stored.orElse(null), settings.knative());
        return answer.review().isAllowed()
                && ServiceRules.onCreate(defaulted, settings.knative()).isEmpty();
    }

    private void check(ObjectNode sent, Optional<ObjectNode> stored, Settings settings) {
        ObjectNode untouched = sent.deepCopy();
        AdmissionResponse answer = review(sent, stored, settings);
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
        assertAuthorSurvives(sent, answer, result, settings);
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
    private static void assertAuthorSurvives(
            ObjectNode sent, AdmissionResponse answer, ObjectNode result, Settings settings) {
        ObjectNode expected = result.deepCopy();
        Set<JsonPointer> forbidden = forbiddenUnderName(sent, settings);
        forbidden.stream().filter(at -> result.at(at).isMissingNode()).forEach(at -> putBack(sent, at, expected));
        for (Decision decision : answer.review().decisions()) {
            if (decision instanceof Decision.Filled it) {
                boolean allThere = new TemplateComparison(result, Map.of()).covers(sent, it.at());
                assertThat(Draft.saysNothing(sent, it.at())
                                || gaveWay(sent, it.at())
                                || allThere
                                || forbidden.contains(it.at()))
                        .as("%s was left out, or is all there", it.at())
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
            boolean classGone = key == ScaleAnnotation.CLASS && AutoscalerNeed.isKpa(sent);
            if (result.at(ours).isMissingNode() && (classGone || gaveWay(sent, ours))) {
                putBack(sent, ours, expected);
            }
        }
        assertThat(withoutOurs(expected)).isEqualTo(withoutOurs(sent));
    }

    /** What may be ours and would lock a Service that names its revision. */
    private static Set<JsonPointer> forbiddenUnderName(ObjectNode sent, Settings settings) {
        return new KnativeService(sent).revisionName().isEmpty()
                ? Set.of()
                : Legality.of(sent, settings.knative()).keySet();
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
        if (copy.at("/metadata/labels") instanceof ObjectNode labels) {
            labels.properties().removeIf(it -> it.getKey().startsWith("filled.trimtab.dev/"));
        }
        for (String name : List.of("max-scale", "initial-scale")) {
            Pointers.remove(copy, Pointers.of("metadata", "labels", "clamped.trimtab.dev/" + name));
        }
        prune(copy);
        return copy;
    }

    /** Without the empty maps above what was filled; an author's own are gone on both sides of a comparison. */
    private static void prune(JsonNode node) {
        node.forEach(StabilityPropertyTest::prune);
        if (node.isObject()) {
            node.properties()
                    .removeIf(it -> it.getValue().isNull()
                            || (it.getValue().isObject() && it.getValue().isEmpty()));
        }
    }

    private static List<String> verdict(ObjectNode service, Optional<ObjectNode> stored, Settings settings) {
        return stored.map(old -> ServiceRules.onUpdate(service, old, settings.knative()))
                .orElseGet(() -> ServiceRules.onCreate(service, settings.knative()));
    }

    private AdmissionResponse review(ObjectNode object, Optional<ObjectNode> stored, Settings settings) {
        return Requests.send(reviewer, Requests.of(object, stored, false), settings);
    }
}

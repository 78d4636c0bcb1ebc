package dev.trimtab.stability;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kserve.Recording;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.review.AdmissionResponse;
import dev.trimtab.review.Requests;
import dev.trimtab.review.Reviewer;
import dev.trimtab.schedule.Keep;
import dev.trimtab.schedule.StopMark;
import dev.trimtab.snapshot.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** {@code trimtab.dev/keep} and the mark of a schedule come and go on a running service, and no pod is new. */
class ScheduleKeysTest {
    private static final List<String> KEYS = List.of(Keep.KEY, Keep.UNTIL, StopMark.KEY);
    private static final Settings AUDIT = Services.settings("mode: Audit", Map.of());

    /** What a service may have had on it, one after the other. */
    private static final List<Map<String, String>> WRITTEN = List.of(
            Map.of(Keep.KEY, "up", Keep.UNTIL, "2026-12-24T22:00:00Z"),
            Map.of(Keep.KEY, "down"),
            Map.of(),
            Map.of(StopMark.KEY, "{\"schedule\":\"office-hours\"}"),
            Map.of(Keep.KEY, "up", StopMark.KEY, "{\"schedule\":\"nights\"}"),
            Map.of());

    private final Reviewer reviewer = new Reviewer(Reviewer.PLATFORM_NAMESPACES);

    /** Whatever else a write says: its answer, and so what is stored, is the same with and without these annotations. */
    @Property(tries = 2000 / SHARE, seed = SEED)
    void theAnswerIsTheSame(
            @ForAll("rendered") ObjectNode before,
            @ForAll("rendered") ObjectNode after,
            @ForAll("keys") Map<String, String> keys,
            @ForAll("settings") Settings then,
            @ForAll("settings") Settings now,
            @ForAll boolean ignored) {
        ObjectNode created = answered(before, Optional.empty(), then, false);
        assertThat(answered(with(before, keys), Optional.empty(), then, false)).isEqualTo(created);
        for (Settings settings : List.of(now, AUDIT, Settings.DEFAULTS)) {
            for (ObjectNode sent : List.of(after, created)) {
                assertThat(answered(with(sent, keys), Optional.of(created), settings, ignored))
                        .isEqualTo(answered(sent, Optional.of(created), settings, ignored));
            }
        }
    }

    /** What came into a template while Trimtab was away stays there: to take it out would start new pods as well. */
    @Property(tries = 1000 / SHARE, seed = SEED)
    void whatIsStoredStays(
            @ForAll("rendered") ObjectNode service,
            @ForAll("keys") Map<String, String> stored,
            @ForAll("keys") Map<String, String> sent,
            @ForAll("settings") Settings settings,
            @ForAll boolean ignored) {
        ObjectNode old = with(answered(service, Optional.empty(), settings, false), stored);
        ObjectNode answer = answered(with(service, sent), Optional.of(old), settings, ignored);
        assertThat(keys(answer)).isEqualTo(keys(old));
    }

    @Property(tries = 500 / SHARE, seed = SEED)
    void aHandWrittenServiceIsItsAuthors(
            @ForAll("handWritten") ObjectNode service,
            @ForAll("keys") Map<String, String> keys,
            @ForAll("settings") Settings settings) {
        ObjectNode sent = with(service, keys);
        assertThat(keys(answered(sent, Optional.empty(), settings, false))).isEqualTo(keys(sent));
        assertThat(keys(answered(sent, Optional.of(service), settings, false))).isEqualTo(keys(sent));
    }

    @TestFactory
    @DisplayName("Knative Services as four versions of KServe send them: kept up, the keep taken off, a start by hand")
    Stream<DynamicTest> knativeServices() {
        return recorded(Recording::knativeServices)
                .map(it -> DynamicTest.dynamicTest(it.toString(), () -> {
                    ObjectNode rendered = it.lives().get(0).created();
                    StoredService service = StoredService.create(rendered, Settings.DEFAULTS);
                    for (Settings settings : List.of(Settings.DEFAULTS, AUDIT)) {
                        service.change(settings);
                        for (boolean off : List.of(false, true)) {
                            service.ignoreNamespace(off);
                            for (Map<String, String> keys : WRITTEN) {
                                service.reconcile(with(rendered, keys));
                                service.reconcileAfterConflict(with(rendered, keys));
                                assertThat(service.generation())
                                        .as("%s %s", settings, keys)
                                        .isEqualTo(1);
                            }
                        }
                    }
                }));
    }

    @TestFactory
    @DisplayName("Deployments of Standard mode: the same")
    Stream<DynamicTest> deployments() {
        return recorded(Recording::deployments)
                .filter(it -> new Manifest(it.lives().get(0).created()).kind() == Kind.DEPLOYMENT)
                .map(it -> DynamicTest.dynamicTest(it.toString(), () -> {
                    ObjectNode rendered = it.lives().get(0).created();
                    StoredDeployment deployment = StoredDeployment.create(rendered, Settings.DEFAULTS);
                    for (Map<String, String> keys : WRITTEN) {
                        ObjectNode sent = with(rendered, keys);
                        // KServe writes them on the Deployment itself, too.
                        keys.forEach((key, value) ->
                                Pointers.set(sent, Pointers.of("metadata", "annotations", key), sent.textNode(value)));
                        deployment.reconcile(sent, Settings.DEFAULTS);
                        deployment.reconcile(sent, AUDIT);
                        assertThat(deployment.generation()).as("%s", keys).isEqualTo(1);
                    }
                }));
    }

    private static Stream<Recording> recorded(Function<String, List<Recording>> of) {
        return Recording.VERSIONS.stream().flatMap(version -> of.apply(version).stream());
    }

    private static ObjectNode with(ObjectNode workload, Map<String, String> keys) {
        ObjectNode copy = workload.deepCopy();
        keys.forEach((key, value) ->
                Pointers.set(copy, KnativeService.TEMPLATE_ANNOTATIONS.appendProperty(key), copy.textNode(value)));
        return copy;
    }

    private static Map<String, String> keys(ObjectNode workload) {
        Map<String, String> keys = new LinkedHashMap<>();
        KEYS.forEach(key ->
                new KnativeService(workload).templateAnnotations().text(key).ifPresent(value -> keys.put(key, value)));
        return keys;
    }

    /** What is stored in the end: the patch applied, on dry-run too, and again on reinvocation. */
    private ObjectNode answered(ObjectNode sent, Optional<ObjectNode> stored, Settings settings, boolean ignored) {
        AdmissionResponse answer = send(Requests.of(sent, stored, false), settings, ignored);
        assertThat(send(Requests.of(sent, stored, true), settings, ignored).toJson())
                .isEqualTo(answer.toJson());
        Assume.that(answer.isAllowed());
        ObjectNode result = Requests.patched(sent, answer);
        assertThat((Object) send(Requests.of(result, stored, false), settings, ignored)
                        .patch())
                .isEqualTo(Pointers.diff(sent, sent));
        return result;
    }

    private AdmissionResponse send(ObjectNode review, Settings settings, boolean ignored) {
        return ignored ? Requests.sendIgnored(reviewer, review, settings) : Requests.send(reviewer, review, settings);
    }

    /** A Knative Service or a Deployment of KServe. */
    @Provide
    Arbitrary<ObjectNode> rendered() {
        return Generated.pod(Generated.soundAnnotations()
                .flatMap(annotations -> Arbitraries.of(true, false).map(standard -> rendered(annotations, standard))));
    }

    private static ObjectNode rendered(ObjectNode annotations, boolean standard) {
        ObjectNode rendered = Services.rendered("ghcr.io/example/llm:1");
        Pointers.remove(rendered, KnativeService.TEMPLATE_ANNOTATIONS);
        if (!annotations.isEmpty()) {
            Pointers.set(rendered, KnativeService.TEMPLATE_ANNOTATIONS, annotations);
        }
        if (standard) {
            rendered.put("apiVersion", "apps/v1").put("kind", "Deployment");
        }
        return rendered;
    }

    @Provide
    Arbitrary<ObjectNode> handWritten() {
        return Arbitraries.of("llm:1", "llm:2").map(Services::handWritten);
    }

    @Provide
    Arbitrary<Map<String, String>> keys() {
        return Arbitraries.maps(
                        Arbitraries.of(KEYS),
                        Arbitraries.of("up", "down", "", "2026-12-24T22:00:00Z", "{\"schedule\":\"nights\"}"))
                .ofMaxSize(3);
    }

    @Provide
    Arbitrary<Settings> settings() {
        return Generated.settings();
    }
}

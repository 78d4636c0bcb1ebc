package dev.trimtab.review;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.review.AdmissionRequest.MalformedReview;
import dev.trimtab.snapshot.KnownServices;
import dev.trimtab.snapshot.KnownServices.KnownService;
import dev.trimtab.snapshot.Settings;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import net.jqwik.api.statistics.StatisticsReport.StatisticsReportMode;

/** What holds for whatever comes: the guard is in nobody's way but of what is stopped, and says the same each time. */
class StopGuardPropertyTest {
    private static final List<String> NAMES = List.of("llama", "iris");
    private static final List<String> UIDS = List.of("uid-1", "uid-2");

    private static final MatchConditions CONDITIONS = MatchConditions.validating();

    private final StopGuard guard = new StopGuard(Reviewer.PLATFORM_NAMESPACES);

    /** Running: the service that owns it, by UID, is not known as stopped, or the object itself has no stop. */
    @StatisticsReport(StatisticsReportMode.OFF)
    @Property(tries = 3000 / SHARE, seed = SEED)
    void neverDeniesAnythingOfARunningService(
            @ForAll("reviews") ObjectNode review, @ForAll("settings") Settings settings) throws MalformedReview {
        AdmissionResponse verdict = guard.answer(AdmissionRequest.parse(review), settings);
        boolean stopped = owner(review, settings).filter(KnownService::stopped).isPresent()
                && review.at("/request/object/spec/template/metadata/annotations/serving.kserve.io~1stop")
                        .asText("")
                        .equalsIgnoreCase("true");
        Statistics.collect(verdict.outcome());
        Statistics.coverage(outcomes -> outcomes.check("denied").count(count -> count > 0));
        if (!stopped) {
            assertThat(verdict.outcome()).isEqualTo("unchanged");
        }
        assertThat(guard.answer(AdmissionRequest.parse(review.deepCopy()), settings))
                .isEqualTo(verdict);
    }

    /** What would be refused now is not waited for, and what is waited for is not refused now. */
    @Property(tries = 3000 / SHARE, seed = SEED)
    void waitsForNothingThatIsDecided(@ForAll("reviews") ObjectNode review, @ForAll("settings") Settings settings)
            throws MalformedReview {
        if (guard.lacksStop(AdmissionRequest.parse(review), settings)) {
            assertThat(guard.answer(AdmissionRequest.parse(review), settings).outcome())
                    .isEqualTo("unchanged");
        }
    }

    /** The matchConditions leave out only what the guard lets pass at once. */
    @Property(tries = 1000 / SHARE, seed = SEED)
    void isAskedAboutAllThatItDenies(@ForAll("reviews") ObjectNode review, @ForAll("settings") Settings settings)
            throws MalformedReview {
        if (CONDITIONS.asked(review).isEmpty()) {
            AdmissionRequest request = AdmissionRequest.parse(review);
            assertThat(guard.answer(request, settings).outcome()).isEqualTo("unchanged");
            assertThat(guard.lacksStop(request, settings)).isFalse();
        }
    }

    private static Optional<KnownService> owner(ObjectNode review, Settings settings) {
        ObjectNode owner = review.withObject("/request/object/metadata/ownerReferences/0");
        Stoppable kind = owner.path("kind").asText().equals("InferenceGraph")
                ? Stoppable.INFERENCE_GRAPH
                : Stoppable.INFERENCE_SERVICE;
        return settings.services().find(kind, "ml", owner.path("name").asText()).filter(it -> it.uid()
                .equals(owner.path("uid").asText()));
    }

    @Provide
    Arbitrary<ObjectNode> reviews() {
        Arbitrary<Stoppable> kinds = Arbitraries.of(Stoppable.class);
        return Combinators.combine(
                        Arbitraries.frequency(Tuple.of(5, "CREATE"), Tuple.of(5, "UPDATE"), Tuple.of(1, "DELETE")),
                        Arbitraries.of("serving.knative.dev/v1 Service", "apps/v1 Deployment"),
                        kinds,
                        Arbitraries.frequency(Tuple.of(8, true), Tuple.of(1, false)),
                        Arbitraries.of(NAMES),
                        Arbitraries.of(UIDS),
                        Arbitraries.frequency(
                                Tuple.of(8, "true"), Tuple.of(2, "TRUE"), Tuple.of(2, "false"), Tuple.of(2, "")),
                        Arbitraries.of("true", "false", ""))
                .as(StopGuardPropertyTest::review);
    }

    @Provide
    Arbitrary<Settings> settings() {
        Arbitrary<KnownService> service = Combinators.combine(
                        Arbitraries.of(UIDS),
                        Arbitraries.of(true, false),
                        Arbitraries.of(DeploymentMode.class).optional(),
                        Arbitraries.frequency(Tuple.of(9, false), Tuple.of(1, true)),
                        Arbitraries.frequency(Tuple.of(9, false), Tuple.of(1, true)))
                .as(KnownService::new);
        return Combinators.combine(
                        service.optional().list().ofSize(Stoppable.values().length * NAMES.size()),
                        Arbitraries.of("Auto", "Never", "Always"))
                .as(StopGuardPropertyTest::settings);
    }

    private static Settings settings(List<Optional<KnownService>> services, String nativeStop) {
        KnownServices known = KnownServices.UNKNOWN;
        int next = 0;
        for (Stoppable kind : Stoppable.values()) {
            for (String name : NAMES) {
                Optional<KnownService> service = services.get(next++);
                known = service.isPresent() ? known.with(kind, "ml", name, service.get()) : known;
            }
        }
        KnownServices all = known;
        String policy =
                "apiVersion: trimtab.dev/v1alpha1\nkind: Policy\nlifecycle: {nativeStop: %s}\n".formatted(nativeStop);
        return Settings.DEFAULTS
                .withServices(it -> all)
                .withPolicy(PolicyLoader.load(policy).policy().orElseThrow());
    }

    private static ObjectNode review(
            String operation,
            String type,
            Stoppable kind,
            boolean controlled,
            String name,
            String uid,
            String stop,
            String stopBefore) {
        ObjectNode review = JsonNodeFactory.instance.objectNode();
        review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        ObjectNode request = review.putObject("request")
                .put("uid", "1")
                .put("operation", operation)
                .put("namespace", "ml")
                .put("name", name + "-predictor");
        ObjectNode object = request.putObject("object")
                .put("apiVersion", type.split(" ", -1)[0])
                .put("kind", type.split(" ", -1)[1]);
        ObjectNode metadata = object.putObject("metadata").put("name", name + "-predictor");
        metadata.putObject("labels").put(kind.nameLabel(), name);
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", Stoppable.GROUP + "/" + kind.resource().version())
                .put("kind", kind.kindName())
                .put("name", name)
                .put("uid", uid)
                .put("controller", controlled);
        stop(object, stop);
        if (operation.equals("UPDATE")) {
            ObjectNode stored = object.deepCopy();
            stop(stored, stopBefore);
            request.set("oldObject", stored);
        }
        return review;
    }

    private static void stop(ObjectNode object, String value) {
        ObjectNode annotations = object.withObject("/spec/template/metadata/annotations");
        if (value.isEmpty()) {
            annotations.remove("serving.kserve.io/stop");
        } else {
            annotations.put("serving.kserve.io/stop", value);
        }
    }
}

package dev.trimtab.review;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.review.AdmissionRequest.MalformedReview;
import dev.trimtab.snapshot.KnownServices.KnownService;
import dev.trimtab.snapshot.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever JSON arrives: an answer, or MalformedReview where it is no AdmissionReview. Never another exception. */
class HostileInputTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Names that are looked at, so that random trees reach the places behind them. */
    private static final List<String> NAMES = List.of(
            "apiVersion",
            "kind",
            "metadata",
            "annotations",
            "labels",
            "name",
            "namespace",
            "deletionTimestamp",
            "spec",
            "template",
            "containers",
            "predictor",
            "minReplicas",
            "maxReplicas",
            "status",
            "deploymentMode",
            "trimtab.dev/filled",
            "trimtab.dev/refresh",
            "trimtab.dev/ignore",
            "clamped.trimtab.dev/max-scale",
            "ownerReferences",
            "controller",
            "uid",
            "serving.kserve.io/stop",
            "serving.kserve.io/inferencegraph",
            "trimtab.dev/stop-grace-seconds",
            "serving.kserve.io/inferenceservice",
            "autoscaling.knative.dev/min-scale",
            "autoscaling.knative.dev/max-scale",
            "autoscaling.knative.dev/maxScale",
            "autoscaling.knative.dev/initial-scale",
            "0",
            "",
            "~/");

    private static final List<String> TEXTS = List.of(
            "",
            "0",
            "7",
            "true",
            "admission.k8s.io/v1",
            "{\"filled\":{\"\":1,\"/spec\":{}},\"clamped\":{\"\":[1,2],\"/metadata/annotations\":[\"0\",\"7\"]}}",
            "{\"clamped\":{\"/spec/template/metadata/annotations/autoscaling.knative.dev~1max-scale\":[\"7\",\"0\"]}}",
            "{\"filled\":[]}",
            "[[[[",
            "\u0000\uD800");

    private static final List<List<String>> KINDS = List.of(
            List.of("serving.knative.dev/v1", "Service"),
            List.of("serving.kserve.io/v1beta1", "InferenceService"),
            List.of("serving.kserve.io/v1alpha1", "InferenceGraph"),
            List.of("apps/v1", "Deployment"),
            List.of("autoscaling.aibrix.ai/v1alpha1", "PodAutoscaler"),
            List.of("v1", "ConfigMap"));

    private static final List<JsonNode> OTHERS =
            List.of(JSON.nullNode(), JSON.booleanNode(true), JSON.numberNode(-1), JSON.numberNode(1e300));

    private static final int DEPTH = 5;

    private final Reviewer reviewer = new Reviewer(Set.of("kube-system"));
    private final StopGuard guard = new StopGuard(Set.of("kube-system"));
    private final AutoscalerGuard autoscalers = new AutoscalerGuard(Set.of("kube-system"));
    private final PolicyReview policies = new PolicyReview("trimtab");

    @Property(tries = 20_000 / SHARE, seed = SEED)
    void anyReview(@ForAll("trees") JsonNode body) {
        assertThat(catchThrowable(() -> AdmissionRequest.parse(body))).isInstanceOf(MalformedReview.class);
    }

    @Property(tries = 30_000 / SHARE, seed = SEED)
    void anyObjects(@ForAll("objects") ObjectNode object, @ForAll("objects") ObjectNode old) {
        answer(Requests.of(object, Optional.empty(), false));
        answer(Requests.of(object, Optional.of(old), false));
        answer(Requests.of(object, Optional.of(object), true));
    }

    @Property(tries = 20_000 / SHARE, seed = SEED)
    void anyRequest(
            @ForAll("objects") ObjectNode object, @ForAll("members") String member, @ForAll("trees") JsonNode value) {
        ObjectNode review = Requests.of(object, Optional.of(object), false);
        ((ObjectNode) review.path("request")).set(member, value);
        AdmissionRequest request;
        try {
            request = AdmissionRequest.parse(review);
        } catch (MalformedReview said) {
            return;
        }
        for (Throwable thrown : Arrays.asList(
                catchThrowable(() -> reviewer.answer(request, Settings.DEFAULTS)),
                catchThrowable(() -> reviewer.replay(request, Settings.DEFAULTS)),
                catchThrowable(() -> reviewer.lacksModelFormat(request, Settings.DEFAULTS)),
                catchThrowable(() -> guard.answer(request, Settings.DEFAULTS)),
                catchThrowable(() -> autoscalers.answer(request, Settings.DEFAULTS)),
                catchThrowable(() -> policies.answer(request, Settings.DEFAULTS.policy())),
                catchThrowable(() -> guard.lacksStop(request, Settings.DEFAULTS)))) {
            assertThat(thrown).isNull();
        }
    }

    @Provide
    Arbitrary<String> members() {
        return Arbitraries.of("uid", "operation", "namespace", "name", "subResource", "object", "oldObject", "dryRun");
    }

    /** A plain random tree: jqwik takes far longer to make one of its own than all reviews of it. */
    @Provide
    Arbitrary<JsonNode> trees() {
        return Arbitraries.randomValue(random -> tree(random, DEPTH));
    }

    /** A tree where a Service, an InferenceService or an InferenceGraph might be. */
    @Provide
    Arbitrary<ObjectNode> objects() {
        return Arbitraries.randomValue(random -> {
            List<String> kind = any(KINDS, random);
            return map(random, DEPTH).put("apiVersion", kind.get(0)).put("kind", kind.get(1));
        });
    }

    private static JsonNode tree(Random random, int depth) {
        int choice = random.nextInt(9);
        if (depth == 0 || choice < 2) {
            return random.nextBoolean() ? JSON.textNode(any(TEXTS, random)) : any(OTHERS, random);
        }
        if (choice > 2) {
            return map(random, depth);
        }
        ArrayNode list = JSON.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(tree(random, depth - 1));
        }
        return list;
    }

    private static ObjectNode map(Random random, int depth) {
        ObjectNode node = JSON.objectNode();
        for (int i = random.nextInt(7); i > 0; i--) {
            node.set(any(NAMES, random), tree(random, depth - 1));
        }
        return node;
    }

    private static <T> T any(List<T> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }

    private void answer(ObjectNode review) {
        assertThat(catchThrowable(() -> guard.answer(AdmissionRequest.parse(review), Settings.DEFAULTS)))
                .isNull();
        Manifest manifest = new Manifest((ObjectNode) review.at("/request/object"));
        for (Stoppable kind : Stoppable.values()) {
            assertThat(KnownService.of(kind, manifest).uid()).isNotNull();
        }
        AdmissionResponse answer = Requests.send(reviewer, review, Settings.DEFAULTS);
        ObjectNode object = (ObjectNode) review.at("/request/object");
        assertThat(answer.toJson().at("/response/uid").asText())
                .isEqualTo(review.at("/request/uid").asText());
        if (answer.review().isAllowed()) {
            assertThat(Requests.patched(object, answer))
                    .isEqualTo(answer.review().result());
        }
    }
}

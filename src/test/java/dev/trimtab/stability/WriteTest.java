package dev.trimtab.stability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.Policy.EffectivePolicy;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.policy.Profile.PolicyTarget;
import dev.trimtab.policy.Profile.ServiceKind;
import dev.trimtab.rules.Facts;
import dev.trimtab.rules.Facts.ClusterFacts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What each kind of write is taken for, whatever is done with it then. */
class WriteTest {
    private static final JsonPointer RESPONSE_START =
            KnativeService.POD_SPEC.appendProperty("responseStartTimeoutSeconds");
    private static final JsonPointer MAX = KnativeService.annotation("autoscaling.knative.dev/max-scale");
    private static final JsonPointer NAME =
            KnativeService.TEMPLATE.appendProperty("metadata").appendProperty("name");
    private static final FillRecord RECORD =
            new FillRecord(Map.of(MAX, TextNode.valueOf("0"), RESPONSE_START, IntNode.valueOf(600)), Map.of());

    /** @param sent what is done to the author's own Service, which lacks every fill */
    private record Case(String what, Consumer<ObjectNode> sent, Class<? extends Write> on, Class<? extends Write> off) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Case> updates() {
        return Stream.of(
                new Case("the author's Service again", it -> {}, Write.Replayed.class, Write.Replayed.class),
                new Case("as stored", WriteTest::filled, Write.Unchanged.class, Write.Unchanged.class),
                new Case(
                        "as stored, and a label of the Service is new",
                        it -> filled(it).withObject("/metadata/labels").put("team", "a"),
                        Write.Unchanged.class,
                        Write.Unchanged.class),
                new Case(
                        "one of two fills",
                        it -> Pointers.set(it, MAX, TextNode.valueOf("0")),
                        Write.Replayed.class,
                        Write.Replayed.class),
                new Case(
                        "Go's zero value where nothing is stored",
                        it -> Pointers.set(it, NAME, TextNode.valueOf("")),
                        Write.Replayed.class,
                        Write.Replayed.class),
                new Case("another image", WriteTest::image, Write.Changed.class, Write.Changed.class),
                new Case(
                        "another value in the place of a fill",
                        it -> Pointers.set(filled(it), RESPONSE_START, IntNode.valueOf(60)),
                        Write.Changed.class,
                        Write.Changed.class),
                new Case("a new refresh token", it -> token(it, "now"), Write.Refreshed.class, Write.Replayed.class),
                new Case("an empty refresh token", it -> token(it, ""), Write.Replayed.class, Write.Replayed.class),
                new Case("left by the author", WriteTest::left, Write.Left.class, Write.Left.class),
                new Case(
                        "left, and a new refresh token",
                        it -> token(left(it), "now"),
                        Write.Refreshed.class,
                        Write.Left.class),
                new Case(
                        "annotations that are no map",
                        it -> ((ObjectNode) it.path("metadata")).put("annotations", "none"),
                        Write.Left.class,
                        Write.Left.class));
    }

    @ParameterizedTest
    @MethodSource("updates")
    @DisplayName("an UPDATE is classified by what the author changed")
    void update(Case it) {
        ObjectNode sent = service();
        it.sent().accept(sent);
        assertThat(Write.of(sent, Optional.of(stored()), facts(Mode.ENFORCE))).isInstanceOf(it.on());
        assertThat(Write.whileOff(sent, stored(), facts(Mode.ENFORCE))).isInstanceOf(it.off());
    }

    @Test
    @DisplayName("a CREATE is new, whatever it carries; one that the author left is not ours")
    void create() {
        assertThat(Write.of(stored(), Optional.empty(), facts(Mode.ENFORCE))).isInstanceOf(Write.Created.class);
        assertThat(Write.of(token(service(), "now"), Optional.empty(), facts(Mode.ENFORCE)))
                .isInstanceOf(Write.Created.class);
        assertThat(Write.of(left(service()), Optional.empty(), facts(Mode.ENFORCE)))
                .isInstanceOf(Write.Left.class);
    }

    @Test
    @DisplayName("a change under the revision name that is stored is Knative's to refuse")
    void sameRevisionName() {
        ObjectNode stored = stored();
        Pointers.set(stored, NAME, TextNode.valueOf("llm-a"));
        ObjectNode sent = service();
        image(sent);
        Pointers.set(sent, NAME, TextNode.valueOf("llm-a"));
        assertThat(Write.of(sent, Optional.of(stored), facts(Mode.ENFORCE))).isInstanceOf(Write.Left.class);
        Pointers.set(sent, NAME, TextNode.valueOf("llm-b"));
        assertThat(Write.of(sent, Optional.of(stored), facts(Mode.ENFORCE))).isInstanceOf(Write.Changed.class);
    }

    @Test
    @DisplayName("the label that switches Trimtab off is no change of a template that KServe renders")
    void ignoreLabel() {
        ObjectNode sent = service();
        Pointers.set(sent, Write.IGNORE, TextNode.valueOf("true"));
        assertThat(Write.of(sent, Optional.of(stored()), facts(Mode.ENFORCE))).isInstanceOf(Write.Replayed.class);
    }

    @Test
    @DisplayName("neither object is changed by it, and it is the same when asked again")
    void pure() {
        for (Case it : updates().toList()) {
            ObjectNode sent = service();
            it.sent().accept(sent);
            ObjectNode stored = stored();
            List<JsonNode> before = List.of(sent.deepCopy(), stored.deepCopy());
            Write write = Write.of(sent, Optional.of(stored), facts(Mode.AUDIT));
            assertThat(List.<JsonNode>of(sent, stored)).isEqualTo(before);
            assertThat(Write.of(sent, Optional.of(stored), facts(Mode.AUDIT))).isEqualTo(write);
        }
    }

    private static ObjectNode service() {
        return Services.rendered("ghcr.io/example/llm:1");
    }

    private static ObjectNode stored() {
        ObjectNode stored = filled(service());
        RECORD.writeTo(stored);
        return stored;
    }

    private static ObjectNode filled(ObjectNode service) {
        RECORD.filled().forEach((at, value) -> Pointers.set(service, at, value));
        return service;
    }

    private static void image(ObjectNode service) {
        ((ObjectNode) service.at(KnativeService.CONTAINERS).get(0)).put("image", "ghcr.io/example/llm:2");
    }

    private static ObjectNode token(ObjectNode service, String token) {
        Pointers.set(
                service, Pointers.of("metadata", "annotations", StabilityContract.REFRESH), TextNode.valueOf(token));
        return service;
    }

    private static ObjectNode left(ObjectNode service) {
        Pointers.set(service, Pointers.of("metadata", "annotations", FillRecord.LEFT), TextNode.valueOf("done"));
        return service;
    }

    private static Facts facts(Mode mode) {
        PolicyTarget subject = new PolicyTarget(
                ServiceKind.INFERENCE_SERVICE, "ml", new Manifest(service()).labels(), Map.of(), Optional.empty());
        EffectivePolicy policy = Policy.BUILT_IN.withMode(mode).effectiveFor(subject, List.of());
        return new Facts(
                policy,
                KnativeConfig.DEFAULTS,
                ClusterFacts.NONE,
                DeploymentMode.KNATIVE,
                OptionalInt.empty(),
                Optional.empty(),
                false);
    }
}

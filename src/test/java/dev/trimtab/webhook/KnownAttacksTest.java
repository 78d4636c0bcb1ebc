package dev.trimtab.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.policy.PolicyLoader.LoadedProfiles;
import dev.trimtab.review.AdmissionRequest;
import dev.trimtab.review.AdmissionRequest.MalformedReview;
import dev.trimtab.review.AdmissionResponse;
import dev.trimtab.review.Requests;
import dev.trimtab.review.Reviewer;
import dev.trimtab.snapshot.Settings;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What befell other admission controllers. docs/security.md has the whole list: most of it is tested where the code is
 * that could fail in this way.
 */
class KnownAttacksTest {
    private static final String HEADER = "apiVersion: trimtab.dev/v1alpha1\nkind: Policy\n";
    private static final String ANNOTATIONS = "/spec/template/metadata/annotations";

    /** The timeoutSeconds of the webhook: after it the API server goes on without an answer. */
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Reviewer reviewer = new Reviewer(Set.of("kube-system"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ 7*191 }}",
                "${7*191}",
                "#{7*191}",
                "%{7*191}",
                "${jndi:ldap://127.0.0.1:1/a}",
                "$(expr 7 \\* 191)",
                "`expr 7 \\* 191`",
                "%s%n%1$d",
                "<%= 7*191 %>"
            })
    @DisplayName("CVE-2025-1974: what a caller writes is text, in the object, the answer and the log")
    void evaluatesNothing(String text) throws Exception {
        ObjectNode service = service();
        service.withObject("/metadata").put("name", text);
        service.withObject("/metadata/annotations").put("trimtab.dev/startup-seconds", text);
        ObjectNode annotations = service.withObject(ANNOTATIONS);
        annotations.put("autoscaling.knative.dev/max-scale", text).put("trimtab.dev/max-response-seconds", text);
        ((ObjectNode) service.at("/spec/template/spec/containers/0")).put("image", text);

        AdmissionResponse answer = send(service, Optional.empty(), Settings.DEFAULTS);

        JsonNode patched = Requests.patched(service, answer);
        for (String place : List.of("/metadata/name", ANNOTATIONS + "/autoscaling.knative.dev~1max-scale")) {
            assertThat(patched.at(place).asText()).as(place).isEqualTo(text);
        }
        assertThat(answer.toJson().toString()).doesNotContain("1337");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mode: !!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL [\"http://127.0.0.1:1/\"]]]]",
                "profiles: !!java.util.ArrayList []",
                "mode: !!java.io.File [/etc/passwd]",
                "mode: !include /etc/passwd"
            })
    @DisplayName("CVE-2022-1471: a tag in a policy makes no object; the policy is refused")
    void policiesAreData(String text) {
        assertThat(PolicyLoader.load(HEADER + text).policy()).isEmpty();
        assertThat(PolicyLoader.loadProfiles(HEADER + text).profiles()).isEmpty();
    }

    @Test
    @DisplayName("CVE-2026-22039: what a namespace writes into its profiles counts there and nowhere else")
    void namespacesStayApart() throws Exception {
        Settings settings =
                Settings.DEFAULTS.withPolicy(PolicyLoader.load(HEADER + "namespaces: {allowProfiles: true}\n")
                        .policy()
                        .orElseThrow());
        LoadedProfiles own = PolicyLoader.loadProfiles(
                HEADER + "profiles: [{name: all, conflicts: Deny, startupSeconds: 900, maxResponseSeconds: 77}]\n");
        Settings with = settings.withNamespaceProfiles("mallory", own);

        assertThat(own.problems()).isEmpty();
        assertThat(send(in("mallory"), Optional.empty(), with).toJson())
                .isNotEqualTo(send(in("mallory"), Optional.empty(), settings).toJson());
        for (String other : List.of("ml", "mallory-2", "default", "Mallory", "mallory%2F", "")) {
            assertThat(send(in(other), Optional.empty(), with).toJson())
                    .as(other)
                    .isEqualTo(send(in(other), Optional.empty(), settings).toJson());
        }
    }

    @Test
    @DisplayName("CVE-2026-124440: an escaped name is another name, in JSON, JSON Pointer and percent form")
    void escapesAreText() throws Exception {
        for (String key : List.of(
                "autoscaling.knative.dev%2Fmax-scale",
                "autoscaling.knative.dev~1max-scale",
                "autoscaling.knative.dev%2fmax%2dscale",
                "autoscaling.knative.dev\u2215max-scale")) {
            ObjectNode service = service();
            service.withObject(ANNOTATIONS).put(key, "7");
            JsonNode annotations = Requests.patched(service, send(service, Optional.empty(), Settings.DEFAULTS))
                    .at(ANNOTATIONS);
            assertThat(annotations.path("autoscaling.knative.dev/max-scale").asText())
                    .as(key)
                    .isEqualTo("0");
            assertThat(annotations.path(key).asText()).isEqualTo("7");
        }
        ObjectNode off = service();
        off.withObject("/metadata/labels").put("trimtab.dev%2Fignore", "true");
        assertThat(send(off, Optional.empty(), Settings.DEFAULTS).patch()).isNotEmpty();
        assertThat(send(in("kube%2Dsystem"), Optional.empty(), Settings.DEFAULTS)
                        .patch())
                .isNotEmpty();
        assertThat(send(in("kube-system"), Optional.empty(), Settings.DEFAULTS).patch())
                .isEmpty();
    }

    /** The API server itself never sends such a body: it has decoded the object before. */
    @Test
    @DisplayName("a key that is written twice counts once, for the review and for the patch")
    void duplicateKeys() throws Exception {
        String body = Requests.of(service(), Optional.empty(), false)
                .toString()
                .replace("\"kind\":\"Service\"", "\"kind\":\"ConfigMap\",\"kind\":\"Service\"");
        AdmissionRequest request = AdmissionRequest.parse(Body.parse(body.getBytes(StandardCharsets.UTF_8)));

        assertThat(body).contains("ConfigMap");
        assertThat(request.kind()).isEqualTo("Service");
        assertThat(reviewer.answer(request, Settings.DEFAULTS).patch()).isNotEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("expensive")
    @DisplayName("GO-2026-4382, GO-2025-3823: however the question is made, the answer is short and comes in time")
    void answersAreBounded(String what, Consumer<ObjectNode> change) throws Exception {
        ObjectNode sent = rendered();
        change.accept(sent);
        for (Optional<ObjectNode> stored : List.of(Optional.<ObjectNode>empty(), Optional.of(rendered()))) {
            answersInTime(sent, stored);
        }
        answersInTime(rendered(), Optional.of(sent));
        ObjectNode refreshed = sent.deepCopy();
        refreshed.withObject("/metadata/annotations").put("trimtab.dev/refresh", "now");
        answersInTime(refreshed, Optional.of(sent));
    }

    private void answersInTime(ObjectNode sent, Optional<ObjectNode> stored) throws Exception {
        byte[] question = Requests.of(sent, stored, false).toString().getBytes(StandardCharsets.UTF_8);
        AdmissionRequest request = AdmissionRequest.parse(Body.parse(question));
        // Of this thread alone: tests share the machine.
        long start = THREADS.getCurrentThreadCpuTime();
        String answer = reviewer.answer(request, Settings.DEFAULTS).toJson().toString();
        assertThat(Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - start)).isLessThan(TIMEOUT);
        // A patch goes as Base64, and what is filled is in the patch, the record and the audit annotations.
        assertThat(answer.length()).isLessThan(16 * 1024 + 4 * question.length);
    }

    static Stream<Arguments> expensive() {
        return Map.<String, Consumer<ObjectNode>>of(
                        "nested as deep as a body may be, with text on each level, and a label that has them all searched",
                        KnownAttacksTest::nested,
                        "ten thousand containers",
                        it -> containers(it, 10_000),
                        "a record with twenty thousand entries",
                        it -> record(it, i -> "/spec/template/metadata/annotations/a" + i, 20_000),
                        "a record with entries of a list from its end",
                        it -> record(it, i -> "/spec/template/spec/containers/0/env/" + (20_000 - i), 20_000),
                        "a record with places 900 levels deep",
                        it -> record(it, i -> "/spec/template/spec" + "/d".repeat(900) + "/" + i, 500),
                        "thirty thousand annotations with nearly right names",
                        it -> annotations(it, i -> "autoscaling.knative.dev/maxscale" + i, 30_000))
                .entrySet()
                .stream()
                .map(it -> Arguments.of(it.getKey(), it.getValue()));
    }

    private static void nested(ObjectNode service) {
        service.withObject("/metadata/labels").put("filled.trimtab.dev/0", "abcdef");
        ObjectNode at = service.withObject("/spec/template/spec");
        for (int i = 0; i < 490; i++) {
            at = at.put("text", "x".repeat(2000)).putObject("d");
        }
    }

    private static void containers(ObjectNode service, int count) {
        ArrayNode containers = service.withObject("/spec/template/spec").putArray("containers");
        for (int i = 0; i < count; i++) {
            containers
                    .addObject()
                    .put("name", "c" + i)
                    .put("image", "a")
                    .putArray("ports")
                    .addObject()
                    .put("containerPort", 80);
        }
    }

    private static void record(ObjectNode service, IntFunction<String> place, int count) {
        ObjectNode record = service.objectNode();
        ObjectNode filled = record.putObject("filled");
        for (int i = 0; i < count; i++) {
            filled.put(place.apply(i), "1");
        }
        service.withObject("/metadata/annotations").put("trimtab.dev/filled", record.toString());
        ArrayNode env = ((ObjectNode) service.at("/spec/template/spec/containers/0")).putArray("env");
        for (int i = 0; i < 20_000; i++) {
            env.add("1");
        }
    }

    private static void annotations(ObjectNode service, IntFunction<String> key, int count) {
        for (int i = 0; i < count; i++) {
            service.withObject(ANNOTATIONS).put(key.apply(i), "1");
        }
    }

    private AdmissionResponse send(ObjectNode sent, Optional<ObjectNode> stored, Settings settings)
            throws MalformedReview {
        return reviewer.answer(AdmissionRequest.parse(Requests.of(sent, stored, false)), settings);
    }

    private static ObjectNode in(String namespace) {
        ObjectNode service = service();
        service.withObject("/metadata").put("namespace", namespace);
        return service;
    }

    private static ObjectNode service() {
        return (ObjectNode) Reviews.read(Reviews.service("{}"));
    }

    /** As KServe sends it: only then the labels of the dry-run count. */
    private static ObjectNode rendered() {
        ObjectNode service = service();
        service.withObject("/metadata/labels").put("serving.kserve.io/inferenceservice", "hello");
        service.withObject("/metadata")
                .putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "serving.kserve.io/v1beta1")
                .put("kind", "InferenceService")
                .put("name", "hello")
                .put("uid", "1")
                .put("controller", true);
        return service;
    }
}

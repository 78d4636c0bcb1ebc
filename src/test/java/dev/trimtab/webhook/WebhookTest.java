package dev.trimtab.webhook;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs promise of {@code /mutate} and {@code /validate}, over TLS as the API server speaks to them. */
@QuarkusTest
class WebhookTest {
    private static final String MAX_SCALE = "/spec/template/metadata/annotations/autoscaling.knative.dev~1max-scale";
    private static final String INITIAL_SCALE =
            "/spec/template/metadata/annotations/autoscaling.knative.dev~1initial-scale";

    @TestHTTPResource(value = "/mutate", tls = true)
    URI mutate;

    @TestHTTPResource(value = "/validate", tls = true)
    URI validate;

    @TestHTTPResource(value = "/mutate")
    URI plain;

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    @TestHTTPResource(value = "/health/ready", management = true)
    URI ready;

    @Test
    @DisplayName("fills what the author left out, echoes the uid, and says so")
    void fills() {
        // Given
        ObjectNode review = Reviews.create("ml", Reviews.service("{}"));
        // When
        JsonNode answer = Reviews.read(post(mutate, review.toString()).asString());
        // Then
        assertThat(answer.at("/apiVersion").asText()).isEqualTo("admission.k8s.io/v1");
        assertThat(answer.at("/kind").asText()).isEqualTo("AdmissionReview");
        assertThat(answer.at("/response/uid")).isEqualTo(review.at("/request/uid"));
        assertThat(answer.at("/response/allowed").asBoolean()).isTrue();
        assertThat(answer.at("/response/patchType").asText()).isEqualTo("JSONPatch");
        JsonNode patched = Reviews.patched(review, answer);
        assertThat(patched.at(MAX_SCALE).asText()).isEqualTo("0");
        assertThat(patched.at(INITIAL_SCALE).asText()).isEqualTo("1");
        assertThat(patched.at("/spec/template/spec"))
                .isEqualTo(review.at("/request/object/spec/template/spec")
                        .<ObjectNode>deepCopy()
                        .put("timeoutSeconds", 300)
                        .put("containerConcurrency", 0)
                        .put("responseStartTimeoutSeconds", 0)
                        .put("idleTimeoutSeconds", 0));
        assertThat(answer.at("/response/warnings/0").asText())
                .isEqualTo("trimtab: filled max-scale=0, initial-scale=1");
        assertThat(answer.at("/response/warnings")).hasSize(1);
        assertThat(answer.at("/response/auditAnnotations/course").asText()).isEqualTo("created");
        assertThat(answer.at("/response/auditAnnotations/filled").asText())
                .startsWith("max-scale=0: Knative gets no max-scale: unbounded; initial-scale=1: ");
    }

    @Test
    @DisplayName("answers an object that needs nothing without a patch")
    void nothingToDo() {
        // Given
        ObjectNode first = Reviews.create("ml", Reviews.service("{}"));
        JsonNode stored = Reviews.patched(
                first, Reviews.read(post(mutate, first.toString()).asString()));
        ObjectNode second = Reviews.review("UPDATE", "ml", stored.toString(), stored.toString());
        // When
        JsonNode answer = Reviews.read(post(mutate, second.toString()).asString());
        // Then
        assertThat(answer.at("/response/allowed").asBoolean()).isTrue();
        assertThat(answer.at("/response").has("patch")).isFalse();
        assertThat(answer.at("/response").has("patchType")).isFalse();
        assertThat(answer.at("/response").has("warnings")).isFalse();
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @DisplayName("what is no AdmissionReview v1 gets 400 and one line, and the next request works")
    @ValueSource(
            strings = {
                "",
                "{",
                "nonsense",
                "[]",
                "null",
                "7",
                "{}",
                "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\"}",
                "{\"apiVersion\":\"admission.k8s.io/v1beta1\",\"kind\":\"AdmissionReview\",\"request\":{\"uid\":\"u\"}}",
                "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"Pod\",\"request\":{\"uid\":\"u\"}}",
                "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":[]}",
                "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":{}}",
                "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":{\"uid\":7}}",
                "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":{\"uid\":\"u\"}} trailing"
            })
    void malformed(String body) {
        for (URI endpoint : List.of(mutate, validate)) {
            Response response = post(endpoint, body);
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(response.asString())
                    .startsWith("trimtab: ")
                    .hasLineCount(1)
                    .doesNotContain("Exception", "at dev.");
        }
        assertThat(post(mutate, Reviews.create("ml", Reviews.service("{}")).toString())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    @DisplayName("truncated, too deep and too large bodies are refused, each with its own status")
    void hostileBodies() {
        String review = Reviews.create("ml", Reviews.service("{}")).toString();
        assertThat(post(mutate, review.substring(0, review.length() / 2)).statusCode())
                .isEqualTo(400);
        assertThat(post(mutate, "[".repeat(100_000)).statusCode()).isEqualTo(400);
        assertThat(post(mutate, "{\"a\":".repeat(100_000)).statusCode()).isEqualTo(400);
        Response large = post(mutate, "a".repeat(3_200_000));
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(large.asString())
                .isEqualTo(
                        "trimtab: the body has 3200000 bytes, more than the 3145728 that an AdmissionReview can have\n");
        assertThat(post(mutate, review).statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName(
            "a caller that goes away in the middle of a request is no bug of Trimtab, and the next one is answered")
    void goneCaller() throws Exception {
        List<String> errors = new CopyOnWriteArrayList<>();
        Handler recorder = recorder(line -> {
            if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
                errors.add(line.getMessage());
            }
        });
        Logger logger = Logger.getLogger(AdmissionRoutes.class.getName());
        logger.addHandler(recorder);
        try {
            for (int i = 0; i < 5; i++) {
                try (Socket caller = trusting().createSocket("localhost", mutate.getPort())) {
                    String half = "POST /mutate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{\"half\":";
                    caller.getOutputStream().write(half.getBytes(StandardCharsets.UTF_8));
                    caller.getOutputStream().flush();
                }
                assertThat(post(
                                        mutate,
                                        Reviews.create("ml", Reviews.service("{}"))
                                                .toString())
                                .statusCode())
                        .isEqualTo(200);
            }
        } finally {
            logger.removeHandler(recorder);
        }
        assertThat(errors).isEmpty();
    }

    @Test
    @DisplayName("the line of a review has the fields that docs/metrics.md lists, in their order")
    void logFields() throws IOException {
        List<String> lines =
                reviewLog(() -> post(
                                mutate,
                                Reviews.create("logged", Reviews.service("{}")).toString()))
                        .stream()
                        .map(LogRecord::getMessage)
                        .toList();
        String page = Files.readString(Path.of("docs", "metrics.md"));
        String logs = page.substring(page.indexOf("\n## Logs\n"), page.indexOf("\n## Traces\n"));

        assertThat(lines)
                .filteredOn(it -> it.contains(" namespace=logged "))
                .singleElement()
                .satisfies(line -> {
                    List<String> logged = fields(line, "(\\w+)=(?:\"[^\"]*\"|\\S*)");
                    assertThat(logged).isEqualTo(fields(logs, "(?m)^\\| `(\\w+)` \\|"));
                    assertThat(line)
                            .startsWith(
                                    "review outcome=mutated course=CREATED operation=CREATE kind=Service namespace=logged");
                    String example = logs.substring(logs.indexOf("\nreview ") + 1, logs.indexOf("…"));
                    assertThat(fields(example + "\"", "(\\w+)=(?:\"[^\"]*\"|\\S*)"))
                            .as("the example")
                            .isEqualTo(logged);
                });
    }

    @Test
    @DisplayName("what only gets its stored values back writes no line at INFO: KServe asks for that at each reconcile")
    void quietReplay() {
        ObjectNode created = Reviews.create("replayed", Reviews.service("{}"));
        List<LogRecord> lines = reviewLog(() -> {
            JsonNode stored = Reviews.patched(
                    created, Reviews.read(post(mutate, created.toString()).asString()));
            ObjectNode again = Reviews.review("UPDATE", "replayed", Reviews.service("{}"), stored.toString());
            assertThat(Reviews.patched(
                            again, Reviews.read(post(mutate, again.toString()).asString())))
                    .isEqualTo(stored);
        });

        assertThat(lines.stream().filter(it -> it.getMessage().contains(" namespace=replayed ")))
                .extracting(it -> it.getLevel().intValue() >= Level.INFO.intValue(), it -> it.getMessage()
                        .contains(" operation=CREATE "))
                .containsExactly(tuple(true, true), tuple(false, false));
    }

    /** With the level that prints every line: at INFO there are at most 50 a second, and other tests may have had them. */
    private static List<LogRecord> reviewLog(Runnable reviews) {
        List<LogRecord> lines = new CopyOnWriteArrayList<>();
        Handler recorder = recorder(lines::add);
        Logger logger = Logger.getLogger("dev.trimtab.review");
        Level before = logger.getLevel();
        logger.setLevel(Level.ALL);
        logger.addHandler(recorder);
        try {
            reviews.run();
        } finally {
            logger.removeHandler(recorder);
            logger.setLevel(before);
        }
        return lines;
    }

    private static List<String> fields(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(it -> it.group(1))
                .toList();
    }

    private static Handler recorder(Consumer<LogRecord> take) {
        return new Handler() {
            @Override
            public void publish(LogRecord line) {
                take.accept(line);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    private static SSLSocketFactory trusting() throws GeneralSecurityException {
        X509TrustManager everyone = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {everyone}, new SecureRandom());
        return context.getSocketFactory();
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @DisplayName("an object that has other types than it should is allowed as it is")
    @ValueSource(
            strings = {
                "null",
                "[]",
                "7",
                "{}",
                "{\"apiVersion\": 7, \"kind\": []}",
                "{\"apiVersion\":\"serving.knative.dev/v1\",\"kind\":\"Service\"}",
                "{\"apiVersion\":\"serving.knative.dev/v1\",\"kind\":\"Service\",\"metadata\":[],\"spec\":7}",
                "{\"apiVersion\":\"serving.knative.dev/v1\",\"kind\":\"Service\",\"spec\":{\"template\":[]}}",
                "{\"apiVersion\":\"serving.knative.dev/v1\",\"kind\":\"Service\",\"metadata\":{\"annotations\":[]},\"spec\":{\"template\":{}}}",
                "{\"apiVersion\":\"serving.knative.dev/v1\",\"kind\":\"Service\",\"spec\":{\"template\":{\"metadata\":7}}}",
                "{\"apiVersion\":\"serving.knative.dev/v1\",\"kind\":\"Service\",\"spec\":{\"template\":{\"metadata\":{\"annotations\":[1]}}}}",
                "{\"apiVersion\":\"serving.kserve.io/v1beta1\",\"kind\":\"InferenceService\",\"spec\":{\"predictor\":[],\"transformer\":7}}",
                "{\"apiVersion\":\"serving.kserve.io/v1alpha1\",\"kind\":\"InferenceGraph\",\"spec\":[]}"
            })
    void oddObjects(String object) {
        ObjectNode review = Reviews.create("ml", object);
        Response response = post(mutate, review.toString());
        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode answer = Reviews.read(response.asString());
        assertThat(answer.at("/response/allowed").asBoolean()).isTrue();
        assertThat(answer.at("/response").has("patch")).isFalse();
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @DisplayName("annotations that are no strings, and containers that are no list, stay for Knative to refuse")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"autoscaling.knative.dev/max-scale\": 3}",
                "{\"autoscaling.knative.dev/max-scale\": [\"3\"]}",
                "{\"autoscaling.knative.dev/initial-scale\": {\"a\": 1}}",
                "{\"autoscaling.knative.dev/min-scale\": true}"
            })
    void oddAnnotations(String annotations) {
        String object = Reviews.service(annotations)
                .replace("[{\"image\"", "{\"image\"")
                .replace("}}]}}}}", "}}}}}}");
        ObjectNode review = Reviews.create("ml", object);
        JsonNode answer = Reviews.read(post(mutate, review.toString()).asString());
        JsonNode patched = Reviews.patched(review, answer);
        assertThat(answer.at("/response/allowed").asBoolean()).isTrue();
        review.at("/request/object/spec/template/metadata/annotations")
                .properties()
                .forEach(entry -> assertThat(patched.at("/spec/template/metadata/annotations")
                                .get(entry.getKey()))
                        .isEqualTo(entry.getValue()));
    }

    @Test
    @DisplayName("a review nested as deep as a body may be is answered")
    void deepObject() {
        String deep = Reviews.service("{}")
                .replace(
                        "\"spec\": {\"template\"",
                        "\"spec\": {\"x\": " + "[".repeat(490) + "]".repeat(490) + ", \"template\"");
        assertThat(post(mutate, Reviews.create("ml", deep).toString()).statusCode())
                .isEqualTo(200);
    }

    @Test
    @DisplayName("another path or method gets a plain status, not an internal error")
    void otherPaths() {
        assertThat(given().relaxedHTTPSValidation().get(mutate).statusCode()).isEqualTo(405);
        assertThat(given().relaxedHTTPSValidation()
                        .get(mutate.resolve("/other"))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    @DisplayName("there is no plain HTTP on the webhook's port")
    void tlsOnly() {
        assertThat(mutate.getScheme()).isEqualTo("https");
        assertThat(plain.getPort()).isNotEqualTo(mutate.getPort());
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> given().post(plain).statusCode())
                .isInstanceOf(java.io.IOException.class);
    }

    @Test
    @DisplayName("metrics count reviews and rules without any name in a label")
    void metrics() {
        // Given
        double before = metric("trimtab_rule_total", "outcome=\"clamped\"", "rule=\"initial-scale\"");
        String annotations =
                "{\"autoscaling.knative.dev/max-scale\": \"3\", \"autoscaling.knative.dev/initial-scale\": \"7\"}";
        // When
        post(
                mutate,
                Reviews.create("secret-namespace", Reviews.service(annotations)).toString());
        // Then
        assertThat(metric("trimtab_rule_total", "outcome=\"clamped\"", "rule=\"initial-scale\""))
                .isEqualTo(before + 1);
        assertThat(metric(
                        "trimtab_review_seconds_count",
                        "kind=\"Service\"",
                        "operation=\"CREATE\"",
                        "outcome=\"mutated\""))
                .isGreaterThanOrEqualTo(1);
        assertThat(metric("trimtab_policy_valid")).isEqualTo(1);
        assertThat(given().get(metrics).asString()).doesNotContain("secret-namespace", "hello");
        assertThat(given().get(ready).statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName("a caller cannot add series: paths and HTTP methods that Trimtab does not know are in no label")
    void inventedRequests() {
        int known = given().relaxedHTTPSValidation().request("PUT", mutate).statusCode();
        int method =
                given().relaxedHTTPSValidation().request("INVENTED", mutate).statusCode();
        int path = given().relaxedHTTPSValidation()
                .post(mutate.resolve("/invented/path"))
                .statusCode();

        assertThat(List.of(known, method, path)).containsExactly(405, 405, 404);
        assertThat(metric("http_server_requests_seconds_count", "method=\"PUT\""))
                .isEqualTo(1);
        assertThat(given().get(metrics).asString()).doesNotContainIgnoringCase("invented");
    }

    @Test
    @DisplayName("requests without a review are counted by their reason, and each reason is there before the first one")
    void failures() {
        double before = failures("malformed");
        double large = failures("too_large");

        assertThat(post(mutate, "nonsense").statusCode()).isEqualTo(400);
        assertThat(post(mutate, " ".repeat(3_200_000)).statusCode()).isEqualTo(413);

        assertThat(failures("malformed")).isEqualTo(before + 1);
        assertThat(failures("too_large")).isEqualTo(large + 1);
        assertThat(given().get(metrics)
                        .asString()
                        .lines()
                        .filter(it -> it.startsWith("trimtab_review_failures_total{")))
                .hasSize(ReviewMetrics.Failure.values().length);
    }

    private double failures(String reason) {
        return metric("trimtab_review_failures_total", "reason=\"%s\"".formatted(reason));
    }

    @Test
    @DisplayName("many objects at once come out as each does alone")
    void concurrent() throws Exception {
        List<ObjectNode> reviews = new ArrayList<>();
        List<JsonNode> alone = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String annotations =
                    "{\"autoscaling.knative.dev/max-scale\": \"%d\", \"autoscaling.knative.dev/initial-scale\": \"%d\"}"
                            .formatted(i % 7, i % 11);
            ObjectNode review = Reviews.create("ml-" + i % 5, Reviews.service(annotations));
            reviews.add(review);
            alone.add(Reviews.read(post(mutate, review.toString()).asString()));
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<JsonNode>> together = new ArrayList<>();
            for (ObjectNode review : reviews) {
                together.add(threads.submit(
                        () -> Reviews.read(post(mutate, review.toString()).asString())));
            }
            for (int i = 0; i < alone.size(); i++) {
                assertThat(together.get(i).get()).isEqualTo(alone.get(i));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    @DisplayName("/validate refuses a broken policy with every problem, and lets everything else pass")
    void validates() {
        String map =
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\"},\"data\":{\"policy.yaml\":\"apiVersion: trimtab.dev/v1alpha1\\nkind: Policy\\nmod: Enforce\\nconflicts: Clmp\\n\"}}";
        assertThat(verdict("trimtab", map.formatted("trimtab-policy", "trimtab")))
                .contains("mod: ", "did you mean mode?", "conflicts: ", "did you mean Clamp?")
                .hasLineCount(2);
        assertThat(verdict("trimtab", map.formatted("other", "trimtab"))).isEmpty();
        assertThat(verdict("ml", map.formatted("trimtab-policy", "ml")))
                .as("profiles of a namespace")
                .contains("mod: ", "conflicts: belongs in the cluster policy");
        assertThat(verdict("ml", map.formatted("other", "ml"))).isEmpty();
        assertThat(verdict(
                        "trimtab",
                        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"trimtab-policy\"}}"))
                .isEqualTo("data has no key \"policy.yaml\": put the policy there");
        assertThat(verdict("trimtab", Reviews.service("{}"))).isEmpty();
        assertThat(verdict("trimtab", null)).isEmpty();
    }

    private String verdict(String namespace, String object) {
        JsonNode answer = Reviews.read(
                post(validate, Reviews.create(namespace, object).toString()).asString());
        assertThat(answer.at("/response/allowed").asBoolean())
                .isEqualTo(answer.at("/response/status").isMissingNode());
        return answer.at("/response/status/message").asText();
    }

    /** The sum of all lines of a metric that have these labels, in whatever order. */
    private double metric(String name, String... labels) {
        return given().get(metrics)
                .asString()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> List.of(labels).stream().allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static Response post(URI endpoint, String body) {
        return given().relaxedHTTPSValidation()
                .contentType("application/json")
                .body(body.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .post(endpoint);
    }
}

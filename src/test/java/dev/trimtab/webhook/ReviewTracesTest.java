package dev.trimtab.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.trimtab.review.AdmissionRequest;
import dev.trimtab.review.AdmissionResponse;
import dev.trimtab.review.Reviewer;
import dev.trimtab.snapshot.Settings;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a collector gets. */
class ReviewTracesTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";

    /** Fields trace_id and parent_span_id of a Span (opentelemetry/proto/trace/v1/trace.proto): number, type, length. */
    private static final String TRACE_FIELD = "0a10" + TRACE;

    private static final String PARENT_FIELD = "2208" + PARENT;

    private final CompletableFuture<String> received = new CompletableFuture<>();
    private HttpServer collector;

    @BeforeEach
    void listen() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            boolean unused = received.complete(HexFormat.of().formatHex(body));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
    }

    @AfterEach
    void close() {
        collector.stop(0);
    }

    @Test
    @DisplayName("one span with a child for each step, under the API server's span; nothing of the object but its name")
    void continues() throws Exception {
        AdmissionRequest request = AdmissionRequest.parse(Reviews.create("ml", Reviews.service("{}")));
        AdmissionResponse response = new Reviewer(Reviewer.PLATFORM_NAMESPACES).answer(request, Settings.DEFAULTS);
        Steps steps = new Steps(System.nanoTime());
        steps.done("decide");

        try (ReviewTraces traces = traces()) {
            traces.answered(header("01"), response, steps);
        }

        String spans = received.get();
        assertThat(spans).contains(PARENT_FIELD, text("review"), text("decide"), text("ml"), text("mutated"));
        assertThat(count(spans, TRACE_FIELD)).isEqualTo(2);
        assertThat(count(spans, PARENT_FIELD))
                .as("the child's parent is the review")
                .isEqualTo(1);
        assertThat(spans).doesNotContain(text("containers"), text("max-scale"));
    }

    @Test
    @DisplayName("a review that fails is a span with an error")
    void failed() throws Exception {
        AdmissionRequest request = AdmissionRequest.parse(Reviews.create("ml", Reviews.service("{}")));
        Steps steps = new Steps(System.nanoTime());
        try (ReviewTraces traces = traces()) {
            traces.failed(header("01"), request, steps, new IllegalStateException("a text that may quote the object"));
        }
        assertThat(received.get())
                .contains(PARENT_FIELD, text("IllegalStateException"))
                .doesNotContain(text("quote"));
    }

    @Test
    @DisplayName("where the API server does not sample, nor does Trimtab")
    void notSampled() throws Exception {
        AdmissionRequest request = AdmissionRequest.parse(Reviews.create("ml", Reviews.service("{}")));
        try (ReviewTraces traces = traces()) {
            traces.failed(header("00"), request, new Steps(System.nanoTime()), new IllegalStateException());
        }
        assertThat(received).isNotDone();
    }

    @Test
    @DisplayName("on with an endpoint or an exporter, and off without, or where OpenTelemetry is told to be off")
    void asked() {
        assertThat(Tracing.isAsked(Map.of())).isFalse();
        assertThat(Tracing.isAsked(Map.of("OTEL_SERVICE_NAME", "x"))).isFalse();
        assertThat(Tracing.isAsked(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://x")))
                .isTrue();
        assertThat(Tracing.isAsked(Map.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://x")))
                .isTrue();
        assertThat(Tracing.isAsked(Map.of("OTEL_TRACES_EXPORTER", "otlp"))).isTrue();
        assertThat(Tracing.isAsked(Map.of("OTEL_TRACES_EXPORTER", "none", "OTEL_EXPORTER_OTLP_ENDPOINT", "http://x")))
                .isFalse();
        assertThat(Tracing.isAsked(Map.of("OTEL_SDK_DISABLED", "true", "OTEL_EXPORTER_OTLP_ENDPOINT", "http://x")))
                .isFalse();
    }

    private ReviewTraces traces() {
        return new ReviewTraces(Map.of(
                "otel.exporter.otlp.endpoint",
                "http://127.0.0.1:" + collector.getAddress().getPort()));
    }

    private static MultiMap header(String flags) {
        return MultiMap.caseInsensitiveMultiMap().add("Traceparent", "00-%s-%s-%s".formatted(TRACE, PARENT, flags));
    }

    private static String text(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int count(String text, String part) {
        return text.split(part, -1).length - 1;
    }
}

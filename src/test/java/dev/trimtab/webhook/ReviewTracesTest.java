package dev.trimtab.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.review.AdmissionRequest;
import dev.trimtab.review.AdmissionResponse;
import dev.trimtab.review.Reviewer;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.webhook.Collector.Span;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a collector gets. */
class ReviewTracesTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";

    private Collector collector;

    @BeforeEach
    void listen() throws IOException {
        collector = new Collector();
    }

    @AfterEach
    void close() {
        collector.close();
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

        List<Span> spans = collector.spans();
        assertThat(spans).extracting(Span::name).containsExactlyInAnyOrder("review", "decide");
        assertThat(spans).extracting(Span::trace).containsOnly(TRACE);
        Span whole = spans.get(spans.get(0).name().equals("review") ? 0 : 1);
        assertThat(spans).extracting(Span::parent).containsExactlyInAnyOrder(PARENT, whole.id());
        assertThat(whole.attributes())
                .isEqualTo(Map.of(
                        "trimtab.kind", "Service",
                        "trimtab.operation", "CREATE",
                        "trimtab.uid", request.uid(),
                        "trimtab.outcome", "mutated",
                        "trimtab.course", "CREATED",
                        "k8s.namespace.name", "ml",
                        "k8s.object.name", "hello"));
        assertThat(collector.text()).doesNotContain("containers", "max-scale");
    }

    @Test
    @DisplayName("a review that fails is a span with an error")
    void failed() throws Exception {
        AdmissionRequest request = AdmissionRequest.parse(Reviews.create("ml", Reviews.service("{}")));
        Steps steps = new Steps(System.nanoTime());
        try (ReviewTraces traces = traces()) {
            traces.failed(header("01"), request, steps, new IllegalStateException("a text that may quote the object"));
        }
        assertThat(collector.spans()).singleElement().satisfies(it -> {
            assertThat(it.parent()).isEqualTo(PARENT);
            assertThat(it.error()).isEqualTo("IllegalStateException");
        });
        assertThat(collector.text()).doesNotContain("quote");
    }

    @Test
    @DisplayName("where the API server does not sample, nor does Trimtab")
    void notSampled() throws Exception {
        AdmissionRequest request = AdmissionRequest.parse(Reviews.create("ml", Reviews.service("{}")));
        try (ReviewTraces traces = traces()) {
            traces.failed(header("00"), request, new Steps(System.nanoTime()), new IllegalStateException());
        }
        assertThat(collector.spans()).isEmpty();
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
        return new ReviewTraces(Map.of("otel.exporter.otlp.endpoint", collector.endpoint()));
    }

    private static MultiMap header(String flags) {
        return MultiMap.caseInsensitiveMultiMap().add("Traceparent", "00-%s-%s-%s".formatted(TRACE, PARENT, flags));
    }
}

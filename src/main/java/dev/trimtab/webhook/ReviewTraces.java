package dev.trimtab.webhook;

import dev.trimtab.review.AdmissionRequest;
import dev.trimtab.review.AdmissionResponse;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.vertx.core.MultiMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One span per review, with a child for each step, set up by OpenTelemetry's own environment variables. Continues the
 * trace of the API server (Kubernetes' APIServerTracing). No span has anything of the object but kind, namespace and
 * name.
 */
final class ReviewTraces implements AutoCloseable {
    private static final String SCOPE = "dev.trimtab.review";
    private static final AttributeKey<String> KIND = AttributeKey.stringKey("trimtab.kind");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("trimtab.operation");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("trimtab.outcome");
    private static final AttributeKey<String> COURSE = AttributeKey.stringKey("trimtab.course");
    private static final AttributeKey<String> UID = AttributeKey.stringKey("trimtab.uid");
    private static final AttributeKey<String> NAMESPACE = AttributeKey.stringKey("k8s.namespace.name");
    private static final AttributeKey<String> NAME = AttributeKey.stringKey("k8s.object.name");

    /** Metrics go to Prometheus, and logs to the console. The environment overrides these. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "otel.service.name", "trimtab",
            "otel.exporter.otlp.protocol", "http/protobuf",
            "otel.metrics.exporter", "none",
            "otel.logs.exporter", "none");

    private static final TextMapGetter<MultiMap> HEADERS = new TextMapGetter<>() {
        @Override
        public String get(MultiMap headers, String key) {
            return headers == null ? null : headers.get(key);
        }
    };

    private final OpenTelemetrySdk sdk;
    private final Tracer tracer;
    private final TextMapPropagator propagator;

    /** @param properties such as {@code otel.exporter.otlp.endpoint}; the environment overrides them */
    ReviewTraces(Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(DEFAULTS);
        all.putAll(properties);
        sdk = AutoConfiguredOpenTelemetrySdk.builder()
                .addPropertiesSupplier(() -> all)
                .disableShutdownHook()
                .build()
                .getOpenTelemetrySdk();
        tracer = sdk.getTracer(SCOPE);
        propagator = sdk.getPropagators().getTextMapPropagator();
    }

    void answered(MultiMap headers, AdmissionResponse response, Steps steps) {
        Span span = begin(headers, response.request(), steps);
        span.setAttribute(KIND, response.review().kind().displayName());
        span.setAttribute(OUTCOME, response.outcome());
        span.setAttribute(COURSE, response.review().course().name());
        Context inside = Context.root().with(span);
        steps.each((name, from, until) -> tracer.spanBuilder(name)
                .setParent(inside)
                .setStartTimestamp(from, TimeUnit.NANOSECONDS)
                .startSpan()
                .end(until, TimeUnit.NANOSECONDS));
        span.end(steps.end(), TimeUnit.NANOSECONDS);
    }

    /** The API server's failurePolicy decides about the object. */
    void failed(MultiMap headers, AdmissionRequest request, Steps steps, RuntimeException problem) {
        Span span = begin(headers, request, steps);
        span.setStatus(StatusCode.ERROR, problem.getClass().getSimpleName());
        span.end(steps.end(), TimeUnit.NANOSECONDS);
    }

    private Span begin(MultiMap headers, AdmissionRequest request, Steps steps) {
        return tracer.spanBuilder("review")
                .setParent(propagator.extract(Context.root(), headers, HEADERS))
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(steps.begin(), TimeUnit.NANOSECONDS)
                .setAttribute(OPERATION, request.operation())
                .setAttribute(NAMESPACE, request.namespace())
                .setAttribute(NAME, request.name())
                .setAttribute(UID, request.uid())
                .startSpan();
    }

    /** Sends what is not sent yet. */
    @Override
    public void close() {
        var unused = sdk.shutdown().join(5, TimeUnit.SECONDS);
    }
}

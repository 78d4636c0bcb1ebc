package dev.trimtab.webhook;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Traces, if OpenTelemetry's environment variables ask for them. If not, its SDK and exporter are not loaded, which would
 * cost time at the start.
 */
@Singleton
class Tracing {
    private final Optional<ReviewTraces> traces;

    Tracing() {
        traces = isAsked(System.getenv()) ? Optional.of(new ReviewTraces(Map.of())) : Optional.empty();
    }

    static boolean isAsked(Map<String, String> environment) {
        String exporter = environment.getOrDefault("OTEL_TRACES_EXPORTER", "");
        boolean off = exporter.equals("none") || Boolean.parseBoolean(environment.get("OTEL_SDK_DISABLED"));
        return !off
                && (!exporter.isEmpty()
                        || Stream.of("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
                                .anyMatch(
                                        it -> !environment.getOrDefault(it, "").isEmpty()));
    }

    Optional<ReviewTraces> traces() {
        return traces;
    }

    @PreDestroy
    void stop() {
        traces.ifPresent(ReviewTraces::close);
    }
}

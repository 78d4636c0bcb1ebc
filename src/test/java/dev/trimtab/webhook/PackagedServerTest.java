package dev.trimtab.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.webhook.Collector.Span;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as it serves in a pod, told to end as the kubelet does it: after {@code mvn package}. */
@Tag("packaged")
class PackagedServerTest {
    /** {@code quarkus.shutdown.delay}: what the Service's endpoints take to follow. */
    private static final Duration DELAY = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private PackagedServer server;

    @AfterEach
    void stop() {
        // Not started where the jar is not packaged yet.
        if (server != null) {
            server.close();
        }
    }

    @Test
    @DisplayName("told to end: first not ready, reviews go on and close their connections, then the port is closed")
    void ends() throws Exception {
        server = new PackagedServer(folder, List.of(), Map.of());
        assertThat(server.review().headers().firstValue("connection")).isEmpty();
        long told = System.nanoTime();
        server.process.toHandle().destroy();

        boolean answeredWhileNotReady = false;
        for (boolean open = true; open; ) {
            boolean ready = server.isReady();
            try {
                HttpResponse<String> answer = server.review();
                assertThat(answer.statusCode()).isEqualTo(200);
                if (!ready) {
                    answeredWhileNotReady = true;
                    assertThat(answer.headers().firstValue("connection")).contains("close");
                }
            } catch (IOException closed) {
                // Refused, or cut off in the handshake: the port may close at any moment of a connection.
                open = false;
            }
        }
        Duration served = Duration.ofNanos(System.nanoTime() - told);

        assertThat(served).isGreaterThanOrEqualTo(DELAY);
        assertThat(answeredWhileNotReady).isTrue();
        assertThat(server.process.waitFor(PackagedServer.DEADLINE_SECONDS, TimeUnit.SECONDS))
                .isTrue();
        assertThat(server.process.exitValue()).isEqualTo(143);
    }

    @Test
    @DisplayName("more large bodies at once than fit into the memory: the server lives, and small reviews are answered")
    void floodOfLargeBodies() throws Exception {
        server = new PackagedServer(folder, List.of(), Map.of());
        String args = "\"a\",".repeat(600_000);
        String object = Reviews.service("{}").replace("\"image\":", "\"args\": [" + args + "\"a\"], \"image\":");
        String large = Reviews.create("ml", object).toString();
        assertThat(large.length()).isGreaterThan(2_000_000);

        List<CompletableFuture<Integer>> flood =
                Stream.generate(() -> server.send(large)).limit(24).toList();
        int small = 0;
        while (!flood.stream().allMatch(CompletableFuture::isDone)) {
            assertThat(server.review().statusCode()).isEqualTo(200);
            small++;
        }

        assertThat(small).isGreaterThan(2);
        assertThat(flood.stream().map(CompletableFuture::join))
                .contains(200)
                .allMatch(status -> status == 200 || status == 503);
        assertThat(server.process.isAlive()).isTrue();
    }

    @Test
    @DisplayName("traces on: a collector gets the span of a review and its steps, under the span of the API server")
    void traces() throws Exception {
        String trace = "0af7651916cd43dd8448eb211c80319c";
        String parent = "b7ad6b7169203331";
        try (Collector collector = new Collector()) {
            server = new PackagedServer(
                    folder,
                    List.of(),
                    Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint(), "QUARKUS_SHUTDOWN_DELAY", "0"));
            assertThat(server.review("traceparent", "00-%s-%s-01".formatted(trace, parent))
                            .statusCode())
                    .isEqualTo(200);
            // What is not sent yet is sent at the end.
            server.end();

            assertThat(collector.spans())
                    .extracting(Span::name)
                    .containsExactlyInAnyOrder("review", "read", "resolve", "decide", "answer");
            assertThat(collector.spans()).allSatisfy(it -> {
                assertThat(it.service()).isEqualTo("trimtab");
                assertThat(it.trace()).isEqualTo(trace);
                assertThat(it.nanoseconds()).isBetween(0L, TimeUnit.SECONDS.toNanos(PackagedServer.DEADLINE_SECONDS));
            });
            Span review = collector.spans().stream()
                    .filter(it -> it.name().equals("review"))
                    .findFirst()
                    .orElseThrow();
            assertThat(review.parent()).isEqualTo(parent);
            assertThat(collector.spans()).filteredOn(it -> !it.equals(review)).allSatisfy(it -> assertThat(it.parent())
                    .isEqualTo(review.id()));
            assertThat(review.attributes())
                    .containsEntry("trimtab.kind", "Service")
                    .containsEntry("trimtab.outcome", "mutated")
                    .containsEntry("k8s.namespace.name", "ml")
                    .containsEntry("k8s.object.name", "hello");
        }
    }

    @Test
    @DisplayName("traces off: neither the SDK nor the exporter of OpenTelemetry is loaded")
    void noTraces() throws Exception {
        Path classes = folder.resolve("classes");
        server = new PackagedServer(folder, List.of("-Xlog:class+load:file=" + classes), Map.of());
        assertThat(server.review().statusCode()).isEqualTo(200);

        assertThat(Files.readString(classes))
                .contains("dev.trimtab.webhook.Tracing")
                .doesNotContain("io.opentelemetry.sdk.")
                .doesNotContain("io.opentelemetry.exporter.");
    }
}

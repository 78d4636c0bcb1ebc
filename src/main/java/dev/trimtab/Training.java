package dev.trimtab;

import dev.trimtab.cli.TrimtabCommand;
import dev.trimtab.webhook.WarmUp;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Does once what a replica does all day, and ends: so a JVM learns which classes it needs, and writes them into an
 * archive at its end. The Dockerfile starts this with {@code -Dtrimtab.training=true}.
 */
@ApplicationScoped
public class Training {
    private static final Logger LOG = Logger.getLogger(Training.class);

    /** Enough for the compiler to see which methods matter. */
    private static final int ROUNDS = 2_000;

    private static final String MANIFEST = """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: training}
            spec: {template: {spec: {containers: [{image: example.com/training}]}}}
            """;

    private final Vertx vertx;
    private final boolean wanted;
    private final int port;
    private final int management;

    Training(
            Vertx vertx,
            @ConfigProperty(name = "trimtab.training", defaultValue = "false") boolean wanted,
            @ConfigProperty(name = "quarkus.http.ssl-port") int port,
            @ConfigProperty(name = "quarkus.management.port") int management) {
        this.vertx = vertx;
        this.wanted = wanted;
        this.port = port;
        this.management = management;
    }

    void begin(@Observes StartupEvent started) {
        if (wanted) {
            new Thread(this::train, "training").start();
        }
    }

    private void train() {
        try {
            for (String verb : List.of("preview", "check")) {
                TrimtabCommand.run(
                        new String[] {verb, "-f", "-"},
                        new ByteArrayInputStream(MANIFEST.getBytes(StandardCharsets.UTF_8)),
                        new PrintWriter(Writer.nullWriter()),
                        new PrintWriter(Writer.nullWriter()));
            }
            HttpClient plain = vertx.createHttpClient();
            awaitReady(plain);
            // The API server speaks HTTP/2, and other callers HTTP/1.1.
            for (HttpVersion version : List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1)) {
                HttpClient client = vertx.createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(version)
                        .setUseAlpn(true)
                        .setSsl(true)
                        .setTrustAll(true)
                        .setVerifyHost(false));
                reviews(client);
                client.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
            }
            call(plain, management, HttpMethod.GET, "/q/metrics", "");
            LOG.info("trained");
            Quarkus.asyncExit(0);
        } catch (InterruptedException | ExecutionException | TimeoutException | RuntimeException problem) {
            LOG.error("the training failed", problem);
            Quarkus.asyncExit(1);
        }
    }

    /** The ports open after the event that starts the training. */
    private void awaitReady(HttpClient client) throws InterruptedException, TimeoutException {
        for (int tries = 0; tries < 300; tries++) {
            try {
                call(client, management, HttpMethod.GET, "/q/health/ready", "");
                return;
            } catch (ExecutionException | IllegalStateException notYet) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        throw new TimeoutException("not ready after 30 s");
    }

    private void reviews(HttpClient client) throws InterruptedException, ExecutionException, TimeoutException {
        for (int round = 0; round < ROUNDS; round++) {
            for (String sample : WarmUp.SAMPLES) {
                call(client, port, HttpMethod.POST, "/mutate", sample);
            }
        }
    }

    private void call(HttpClient client, int port, HttpMethod method, String path, String body)
            throws InterruptedException, ExecutionException, TimeoutException {
        Promise<Integer> answered = Promise.promise();
        // On an event loop: on another thread a handler can come too late for an answer.
        vertx.runOnContext(start -> client.request(method, port, "localhost", path)
                .compose(request -> request.send(Buffer.buffer(body)))
                .compose(response -> response.body().map(response.statusCode()))
                .onComplete(answered));
        int status = answered.future().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        if (status != 200) {
            throw new IllegalStateException(path + " answers " + status);
        }
    }
}

package dev.trimtab.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as it serves in a pod, told to end as the kubelet does it: after {@code mvn package}. */
class PackagedServerTest {
    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final long DEADLINE_SECONDS = 120;
    /** What the image takes of the memory that the Deployment allows. */
    private static final String HEAP = "-Xmx230m";
    /** {@code quarkus.shutdown.delay}: what the Service's endpoints take to follow. */
    private static final Duration DELAY = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private Process server;
    private int port;
    private int management;
    private HttpClient client;

    @BeforeEach
    void start() throws Exception {
        assumeThat(JAR).as("not packaged: run mvn -DskipTests package before").exists();
        port = freePort();
        management = freePort();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(
                        java, HEAP, "-XX:+ExitOnOutOfMemoryError", "-jar", JAR.toString(), "serve")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().put("TRIMTAB_CLUSTER", "off");
        builder.environment().put("QUARKUS_HTTP_SSL_PORT", Integer.toString(port));
        builder.environment().put("QUARKUS_MANAGEMENT_PORT", Integer.toString(management));
        server = builder.start();
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trusting)
                .build();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!isReady()) {
            assertThat(System.nanoTime()).as("ready in time").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    @AfterEach
    void stop() {
        // Not started where the jar is not packaged yet.
        if (server != null) {
            server.destroyForcibly();
        }
    }

    @Test
    @DisplayName("told to end: first not ready, reviews go on and close their connections, then the port is closed")
    void ends() throws Exception {
        assertThat(review().headers().firstValue("connection")).isEmpty();
        long told = System.nanoTime();
        server.toHandle().destroy();

        boolean answeredWhileNotReady = false;
        for (boolean open = true; open; ) {
            boolean ready = isReady();
            try {
                HttpResponse<String> answer = review();
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
        assertThat(server.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(server.exitValue()).isEqualTo(143);
    }

    @Test
    @DisplayName("more large bodies at once than fit into the memory: the server lives, and small reviews are answered")
    void floodOfLargeBodies() throws Exception {
        String args = "\"a\",".repeat(600_000);
        String object = Reviews.service("{}").replace("\"image\":", "\"args\": [" + args + "\"a\"], \"image\":");
        String large = Reviews.create("ml", object).toString();
        assertThat(large.length()).isGreaterThan(2_000_000);

        List<CompletableFuture<Integer>> flood = Stream.generate(
                        () -> client.sendAsync(request(large), HttpResponse.BodyHandlers.discarding())
                                .thenApply(HttpResponse::statusCode))
                .limit(24)
                .toList();
        int small = 0;
        while (!flood.stream().allMatch(CompletableFuture::isDone)) {
            assertThat(review().statusCode()).isEqualTo(200);
            small++;
        }

        assertThat(small).isGreaterThan(2);
        assertThat(flood.stream().map(CompletableFuture::join))
                .contains(200)
                .allMatch(status -> status == 200 || status == 503);
        assertThat(server.isAlive()).isTrue();
    }

    private HttpResponse<String> review() throws IOException, InterruptedException {
        String body = Reviews.create("ml", Reviews.service("{}")).toString();
        return client.send(request(body), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private HttpRequest request(String body) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/mutate"))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private boolean isReady() throws InterruptedException {
        try {
            return client.send(
                                    HttpRequest.newBuilder(
                                                    URI.create("http://localhost:" + management + "/q/health/ready"))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** For the certificate that is made at start. */
    private static final class Trusting extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

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
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** The jar as it serves in a pod: after {@code mvn package}. */
final class PackagedServer implements AutoCloseable {
    static final long DEADLINE_SECONDS = 120;

    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    /** What the image takes of the memory that the Deployment allows. */
    private static final String HEAP = "-Xmx230m";

    final Process process;
    private final int port = freePort();
    private final int management = freePort();
    private final HttpClient client;

    /**
     * Waits until it is ready.
     *
     * @param folder gets the log
     */
    PackagedServer(Path folder, List<String> options, Map<String, String> environment) throws IOException {
        assumeThat(JAR).as("not packaged: run mvn -DskipTests package before").exists();
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), HEAP));
        command.addAll(options);
        command.addAll(List.of("-XX:+ExitOnOutOfMemoryError", "-jar", JAR.toString(), "serve"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().put("TRIMTAB_CLUSTER", "off");
        builder.environment().put("QUARKUS_HTTP_SSL_PORT", Integer.toString(port));
        builder.environment().put("QUARKUS_MANAGEMENT_PORT", Integer.toString(management));
        builder.environment().putAll(environment);
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trusting())
                .build();
        process = builder.start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!isReady()) {
            assertThat(System.nanoTime()).as("ready in time").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    /** Of a Service that gets fills. */
    HttpResponse<String> review(String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                request(Reviews.create("ml", Reviews.service("{}")).toString());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    /** @return the status */
    CompletableFuture<Integer> send(String body) {
        return client.sendAsync(request(body).build(), HttpResponse.BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode);
    }

    private HttpRequest.Builder request(String body) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/mutate"))
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    boolean isReady() {
        try {
            URI ready = URI.create("http://localhost:" + management + "/q/health/ready");
            return client.send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** As the kubelet does it, and until it has ended. */
    void end() throws InterruptedException {
        process.toHandle().destroy();
        assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static SSLContext trusting() {
        try {
            SSLContext trusting = SSLContext.getInstance("TLS");
            trusting.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
            return trusting;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
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

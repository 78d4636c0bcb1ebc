package dev.trimtab.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The token that the manifests mount ends after an hour, and the kubelet writes a new one before. The client is built as
 * Quarkus 3.34 builds it in a pod (KubernetesClientUtils.createConfig): on what fabric8 has found by itself.
 */
class TokenRenewalTest {
    private static final String TOKEN_FILE = Config.KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN_FILE_SYSTEM_PROPERTY;
    private static final String KUBECONFIG = Config.KUBERNETES_AUTH_TRYKUBECONFIG_SYSTEM_PROPERTY;

    private static final org.jboss.logging.Logger LOG = org.jboss.logging.Logger.getLogger(TokenRenewalTest.class);

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private volatile String valid = "Bearer one";
    private HttpServer server;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        System.setProperty(
                TOKEN_FILE, Files.writeString(folder.resolve("token"), "one").toString());
        System.setProperty(KUBECONFIG, "false");
    }

    @AfterEach
    void stop() {
        System.clearProperty(TOKEN_FILE);
        System.clearProperty(KUBECONFIG);
        server.stop(0);
    }

    @Test
    @DisplayName("the file has a new token and the old one has ended: the next request is answered, with the new token")
    void renewed() throws IOException {
        try (KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.autoConfigure(null))
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .build())
                .build()) {
            assertThat(client.raw("/version")).isEqualTo("{}");

            Files.writeString(folder.resolve("token"), "two");
            valid = "Bearer two";

            assertThat(client.raw("/version")).isEqualTo("{}");
            assertThat(client.raw("/version")).isEqualTo("{}");
        }
        assertThat(seen).containsExactly("Bearer one", "Bearer one", "Bearer two", "Bearer two");
    }

    @Test
    @DisplayName("no token in an error or in the log, whatever the API server answers (as in GO-2026-5268)")
    void leak() throws IOException {
        Logger root = Logger.getLogger("");
        List<LogRecord> lines = new CopyOnWriteArrayList<>();
        Handler handler = new Keeping(lines);
        root.addHandler(handler);
        Files.writeString(folder.resolve("token"), "s3cr3t");
        valid = "Bearer other";
        try (KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.autoConfigure(null))
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build()) {
            Throwable refused = catchThrowable(() -> client.raw("/api/v1/namespaces/s3/configmaps"));
            LOG.warn("refused", refused);
            StringWriter trace = new StringWriter();
            refused.printStackTrace(new PrintWriter(trace));
            assertThat(trace.toString()).contains("401").doesNotContain("s3cr3t");
        } finally {
            root.removeHandler(handler);
        }
        assertThat(seen).contains("Bearer s3cr3t");
        assertThat(lines).isNotEmpty().allSatisfy(line -> assertThat(new SimpleFormatter().format(line))
                .doesNotContain("s3cr3t"));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String token = exchange.getRequestHeaders().getFirst("Authorization");
        seen.add(token);
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(valid.equals(token) ? 200 : 401, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static final class Keeping extends Handler {
        private final List<LogRecord> lines;

        Keeping(List<LogRecord> lines) {
            this.lines = lines;
        }

        @Override
        public void publish(LogRecord line) {
            lines.add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}

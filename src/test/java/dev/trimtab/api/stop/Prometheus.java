package dev.trimtab.api.stop;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.Eventually;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A Prometheus that scrapes Trimtab and the API server each second, until it is closed. */
final class Prometheus implements AutoCloseable {
    private static final String CONFIGURATION = """
            global: {scrape_interval: 1s, scrape_timeout: 1s}
            scrape_configs:
              - job_name: trimtab
                metrics_path: %s
                static_configs: [{targets: ["%s"]}]
              - job_name: apiserver
                scheme: https
                authorization: {credentials: "%s"}
                tls_config: {insecure_skip_verify: true}
                static_configs: [{targets: ["%s"]}]
            """;

    private final Process process;
    private final int port;
    private final HttpClient client = HttpClient.newHttpClient();

    private Prometheus(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static Prometheus start(Path program, Path folder, URI endpoint, KubernetesClient admin) {
        try {
            Path configuration = Files.writeString(
                    folder.resolve("prometheus.yml"),
                    CONFIGURATION.formatted(
                            endpoint.getPath(),
                            endpoint.getAuthority(),
                            admin.getConfiguration().getAutoOAuthToken(),
                            admin.getMasterUrl().getAuthority()));
            int port = freePort();
            Process process = new ProcessBuilder(List.of(
                            program.toString(),
                            "--config.file=" + configuration,
                            "--storage.tsdb.path=" + folder.resolve("data"),
                            "--web.listen-address=127.0.0.1:" + port))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("prometheus.log").toFile())
                    .start();
            Prometheus prometheus = new Prometheus(process, port);
            Eventually.holds("Prometheus has scraped both", () -> prometheus.hasData("count(up == 1) == 2"));
            return prometheus;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean hasData(String query) {
        return !ask(query).at("/data/result").isEmpty();
    }

    boolean isAnswered(String query) {
        return ask(query).path("status").asText().equals("success");
    }

    /** With what Grafana puts into the query. */
    private JsonNode ask(String query) {
        String asked = query.replace("$job", ".*").replace("$__rate_interval", "30s");
        URI uri = URI.create("http://127.0.0.1:%d/api/v1/query?query=%s"
                .formatted(port, URLEncoder.encode(asked, StandardCharsets.UTF_8)));
        try {
            String answer = client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            JsonNode json = Api.json(answer);
            if (json.path("status").asText().equals("error")) {
                throw new AssertionError(asked + ": " + answer);
            }
            return json;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            int unused = process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.trimtab.api.cluster;

import dev.trimtab.cluster.CurrentSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.test.common.http.TestHTTPResource;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests on an API server share: one cluster, as freshly installed before each test, and a namespace each. */
public abstract class ApiTest {
    private static Cluster shared;

    @TestHTTPResource(value = "/mutate", tls = true)
    public URL mutate;

    @TestHTTPResource(management = true)
    URL management;

    @Inject
    public CurrentSettings settings;

    @Inject
    public MeterRegistry metrics;

    public Cluster cluster;
    public String namespace;

    @BeforeEach
    protected void freshlyInstalled() {
        cluster = shared(this);
        cluster.reset();
        namespace = cluster.newNamespace(Map.of());
    }

    @AfterEach
    protected void leaveNothing() {
        cluster.removeNamespaces();
    }

    private static synchronized Cluster shared(ApiTest test) {
        // Not injected: the other tests' applications would ask for it as well.
        Path folder = ConfigProvider.getConfig().getValue(ApiServerResource.FOLDER, Path.class);
        // An application with other settings comes with other certificates.
        if (shared == null || !shared.kubectl.folder().equals(folder)) {
            shared = new Cluster(folder, test.mutate.toString(), test.settings);
        }
        return shared;
    }

    /** Reviews so far: counted before each is answered, where a request is counted some time after. */
    protected long reviews() {
        return metrics.find("trimtab.review").timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    /** Requests that came to one of the paths so far. */
    protected long requests(String path) {
        return metrics.find("http.server.requests").tag("uri", path).timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    /** A page of the management port, such as {@code /metrics}. */
    protected String get(String page) {
        try (InputStream body = URI.create(management + page).toURL().openStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.trimtab.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A kind that is not there yet, by an API server that says so. */
class ResourceWatchTest {
    private static final long DEADLINE_SECONDS = 30;
    private static final String LIST = """
            {"apiVersion": "v1", "kind": "ConfigMapList", "metadata": {"resourceVersion": "7"}, "items": [
              {"apiVersion": "v1", "kind": "ConfigMap",
               "metadata": {"name": "late", "namespace": "ml", "uid": "1", "resourceVersion": "6"}}]}
            """;

    private final AtomicInteger status = new AtomicInteger();
    private final CountDownLatch mayTake = new CountDownLatch(1);
    private final BlockingQueue<String> taken = new LinkedBlockingQueue<>();
    private HttpServer server;
    private KubernetesClient client;
    private ResourceWatch<ConfigMap> watch;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = LIST.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("content-type", "application/json");
            exchange.sendResponseHeaders(status.get(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://localhost:" + server.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        watch = new ResourceWatch<>(
                client.configMaps().inAnyNamespace(),
                "ConfigMaps",
                ConfigMap::getData,
                this::take,
                map -> {},
                new BasicItemStore<>(Cache::metaNamespaceKeyFunc));
    }

    private void take(ConfigMap map) {
        try {
            mayTake.await();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        taken.add(map.getMetadata().getName());
    }

    @AfterEach
    void stop() {
        mayTake.countDown();
        watch.close();
        client.close();
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 403})
    @DisplayName("no CRD, or no right to read: nobody waits for it, and it is taken when it comes")
    void missing(int code) throws Exception {
        mayTake.countDown();
        status.set(code);
        watch.start().toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(taken).isEmpty();

        status.set(200);
        assertThat(taken.poll(DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo("late");
    }

    @Test
    @DisplayName("the start is over when what was listed has been taken")
    void allTaken() throws Exception {
        status.set(200);
        CompletableFuture<Void> started = watch.start().toCompletableFuture();
        assertThatThrownBy(() -> started.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);

        mayTake.countDown();
        started.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(taken).containsExactly("late");
    }

    @Test
    @DisplayName("an API server in trouble is waited for")
    void trouble() throws Exception {
        mayTake.countDown();
        status.set(503);
        CompletableFuture<Void> started = watch.start().toCompletableFuture();
        assertThatThrownBy(() -> started.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);

        status.set(200);
        started.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(taken).contains("late");
    }
}

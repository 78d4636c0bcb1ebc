package dev.trimtab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.kube.ResourceWatch;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is asked of a cluster with AIBrix, and of one without, by an API server that takes notes. */
class AutoscalingTest {
    private static final long DEADLINE_SECONDS = 30;
    private static final String AUTOSCALERS = "/apis/autoscaling.aibrix.ai/v1alpha1/podautoscalers";
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final List<String> OTHERS = List.of(
            "/apis/autoscaling/v1/horizontalpodautoscalers",
            "/apis/keda.sh/v1alpha1/scaledobjects",
            "/apis/apps/v1/deployments",
            "/api/v1/resourcequotas");

    private static final String DEFINITION = """
            {"metadata": {"name": "podautoscalers.autoscaling.aibrix.ai", "uid": "1", "resourceVersion": "5"},
             "spec": {"versions": [{"name": "v1alpha1", "schema": {"openAPIV3Schema": {"properties": {"spec": {"properties":
               {"observeWindowSeconds": {"type": "integer"}}}}}}}]}}
            """;
    private static final String AUTOSCALER = """
            {"metadata": {"name": "llama", "namespace": "ml", "uid": "2", "resourceVersion": "6"},
             "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "llama"}}, "status": {"actualScale": 3}}
            """;

    /** Items by path; a path that is not there is not found. */
    private final Map<String, String> items = new ConcurrentHashMap<>();

    private final Queue<String> listed = new ConcurrentLinkedQueue<>();
    private final CurrentSettings settings = new CurrentSettings();
    private final Autoscaling autoscaling = new Autoscaling(settings);
    private HttpServer server;
    private KubernetesClient client;
    private List<ResourceWatch<?>> watches = List.of();

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            boolean watch = exchange.getRequestURI().getQuery().contains("watch=true");
            String found = items.get(path);
            listed.add(path);
            byte[] body = (watch ? "" : """
                    {"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": "7"}, "items": [%s]}
                    """.formatted(found)).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("content-type", "application/json");
            exchange.sendResponseHeaders(found == null ? 404 : 200, body.length == 0 ? -1 : body.length);
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
        settings.markLoaded();
    }

    @AfterEach
    void stop() {
        watches.forEach(ResourceWatch::close);
        autoscaling.stop();
        client.close();
        server.stop(0);
    }

    @Test
    @DisplayName("no AIBrix: nobody waits, nothing else is listed, and all is known that there is")
    void without() throws Exception {
        items.put(DEFINITIONS, "");

        follow();

        assertThat(listed).doesNotContainAnyElementsOf(OTHERS);
        assertThat(autoscaling.whole()).contains(ClusterView.UNKNOWN);
    }

    @Test
    @DisplayName("AIBrix: the rest is followed, and a kind that is missing holds nothing up")
    void with() throws Exception {
        items.put(DEFINITIONS, DEFINITION);
        items.put(AUTOSCALERS, "");
        items.put("/apis/apps/v1/deployments", "");
        items.put("/api/v1/resourcequotas", "");

        follow();

        eventually(
                () -> autoscaling.whole().filter(ClusterView::hasWindowFields).isPresent());
        assertThat(listed).containsAll(OTHERS);
    }

    @Test
    @DisplayName("a CRD that may not be read: a PodAutoscaler says as much, and its status is not kept")
    void byAutoscaler() throws Exception {
        items.put(AUTOSCALERS, AUTOSCALER);

        follow();

        eventually(() -> listed.containsAll(OTHERS));
        eventually(() -> autoscaling.whole().isPresent());
        ClusterView known = autoscaling.whole().orElseThrow();
        assertThat(known.autoscalers().find("ml", "llama").orElseThrow().root().toString())
                .isEqualTo("{\"apiVersion\":\"autoscaling.aibrix.ai/v1alpha1\",\"kind\":\"PodAutoscaler\",\"metadata\":"
                        + "{\"name\":\"llama\",\"namespace\":\"ml\",\"uid\":\"2\"},\"spec\":{\"scaleTargetRef\":"
                        + "{\"kind\":\"Deployment\",\"name\":\"llama\"}}}");
        assertThat(known.hasWindowFields()).isFalse();
    }

    private void follow() throws Exception {
        watches = autoscaling.watches(client);
        CompletableFuture<?>[] started =
                watches.stream().map(it -> it.start().toCompletableFuture()).toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(started).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private static void eventually(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}

package dev.trimtab.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An API server that lists and watches ConfigMaps and Deployments by namespace and name, says 403 or 503 when a test asks for
 * it, and 404 for every kind that has a CRD.
 */
public final class ScriptedCluster implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** To a watch from a version that the API server no longer has. */
    private static final String GONE =
            "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"code\":410,\"reason\":\"Gone\"}}\n";

    private record Stream(String path, String name, HttpExchange exchange) {
        boolean wants(String object, String named) {
            return (path.equals(collection(object)) || path.equals(everywhere(object)))
                    && (name.isEmpty() || name.equals(named));
        }

        void send(Change change) throws IOException {
            ObjectNode event = JSON.createObjectNode().put("type", change.type());
            event.set("object", change.object());
            exchange.getResponseBody().write((event + "\n").getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
        }
    }

    private record Change(int version, String type, String path, ObjectNode object) {
        String name() {
            return object.at("/metadata/name").asText();
        }
    }

    private final List<Change> changes = new ArrayList<>();

    /** By {@code /api/v1/namespaces/ml/configmaps/some}. */
    private final Map<String, ObjectNode> objects = new TreeMap<>();

    /** Status by the beginning of a path. */
    private final Map<String, Integer> refusals = new HashMap<>();

    private final List<Stream> streams = new ArrayList<>();
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final KubernetesClient client;
    private int version = 1;
    private int oldest;

    public ScriptedCluster() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        server.setExecutor(executor);
        server.createContext("/", this::answer);
        server.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://localhost:" + server.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    public KubernetesClient client() {
        return client;
    }

    /** Creates or changes a ConfigMap. */
    public synchronized void configMap(String namespace, String name, Map<String, String> data) {
        ObjectNode map = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
        map.set("data", JSON.valueToTree(data));
        put("/api/v1/namespaces/%s/configmaps/%s".formatted(namespace, name), namespace, name, map);
    }

    synchronized void deployment(String namespace, String name) {
        ObjectNode deployment =
                JSON.createObjectNode().put("apiVersion", "apps/v1").put("kind", "Deployment");
        put("/apis/apps/v1/namespaces/%s/deployments/%s".formatted(namespace, name), namespace, name, deployment);
    }

    public synchronized void delete(String path) {
        ObjectNode gone = objects.remove(path);
        version++;
        tell("DELETED", path, gone);
    }

    /** From now on each request for a path that begins so gets this status, until {@code allow}. */
    synchronized void refuse(String path, int status) {
        refusals.put(path, status);
    }

    synchronized void allow(String path) {
        refusals.remove(path);
    }

    /** Ends all watches, and knows no longer what changed before: the client has to list anew. */
    public synchronized void disconnect() {
        oldest = version;
        streams.forEach(stream -> stream.exchange().close());
        streams.clear();
    }

    /** As {@link #delete}, unnoticed: nobody is told. */
    public synchronized void deleteQuietly(String path) {
        objects.remove(path);
        version++;
    }

    /** How many watches are open on a path. */
    public synchronized long watches(String path) {
        return streams.stream().filter(it -> it.path().equals(path)).count();
    }

    private void put(String path, String namespace, String name, ObjectNode object) {
        boolean isNew = !objects.containsKey(path);
        version++;
        object.putObject("metadata")
                .put("name", name)
                .put("namespace", namespace)
                .put("uid", path)
                .put("resourceVersion", Integer.toString(version));
        objects.put(path, object);
        tell(isNew ? "ADDED" : "MODIFIED", path, object);
    }

    private void tell(String type, String path, ObjectNode object) {
        Change change = new Change(version, type, path, object.deepCopy());
        changes.add(change);
        for (Iterator<Stream> each = streams.iterator(); each.hasNext(); ) {
            Stream stream = each.next();
            try {
                if (stream.wants(path, change.name())) {
                    stream.send(change);
                }
            } catch (IOException closed) {
                each.remove();
            }
        }
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query = exchange.getRequestURI().getRawQuery() == null
                ? ""
                : exchange.getRequestURI().getRawQuery();
        Map<String, String> asked = new HashMap<>();
        Arrays.stream(query.split("&"))
                .map(it -> it.split("=", 2))
                .filter(it -> it.length == 2)
                .forEach(it -> asked.put(it[0], URLDecoder.decode(it[1], StandardCharsets.UTF_8)));
        String name = asked.getOrDefault("fieldSelector", "").replace("metadata.name=", "");
        exchange.getResponseHeaders().add("content-type", "application/json");
        int refusal = refusals.entrySet().stream()
                .filter(it -> path.startsWith(it.getKey()))
                .map(Map.Entry::getValue)
                .findAny()
                .orElse(path.startsWith("/api/v1/") || path.startsWith("/apis/apps/") ? 200 : 404);
        if (refusal != 200) {
            reply(exchange, refusal, JSON.createObjectNode().put("kind", "Status"));
        } else if (exchange.getRequestHeaders().containsKey("Upgrade")) {
            // No WebSocket here: the client then watches by plain HTTP.
            reply(exchange, 200, JSON.createObjectNode());
        } else if ("true".equals(asked.get("watch"))) {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().flush();
            if (Integer.parseInt(asked.getOrDefault("resourceVersion", "0")) < oldest) {
                exchange.getResponseBody().write(GONE.getBytes(StandardCharsets.UTF_8));
                exchange.close();
                return;
            }
            Stream stream = new Stream(path, name, exchange);
            int from = Integer.parseInt(asked.getOrDefault("resourceVersion", "0"));
            for (Change change : changes) {
                if (change.version() > from && stream.wants(change.path(), change.name())) {
                    stream.send(change);
                }
            }
            streams.add(stream);
        } else {
            ObjectNode list = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "List");
            list.putObject("metadata").put("resourceVersion", Integer.toString(version));
            var items = list.putArray("items");
            objects.forEach((key, object) -> {
                if (new Stream(path, name, exchange)
                        .wants(key, object.at("/metadata/name").asText())) {
                    items.add(object);
                }
            });
            reply(exchange, 200, list);
        }
    }

    private static void reply(HttpExchange exchange, int status, ObjectNode body) throws IOException {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String collection(String object) {
        return object.substring(0, object.lastIndexOf('/'));
    }

    private static String everywhere(String object) {
        return collection(object).replaceFirst("/namespaces/[^/]+", "");
    }

    @Override
    public void close() {
        client.close();
        disconnect();
        server.stop(0);
        executor.shutdownNow();
    }
}

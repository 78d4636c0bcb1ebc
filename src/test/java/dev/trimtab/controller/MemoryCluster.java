package dev.trimtab.controller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.MovableClock;
import dev.trimtab.cli.ScriptedApiServer;
import dev.trimtab.cli.ScriptedApiServer.Answer;
import dev.trimtab.yaml.YamlStream;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A cluster in memory, behind a real client: objects are raw JSON, each write makes another resourceVersion, and the API
 * server's answers to what comes too late are 404, 409 and 422. Nothing happens in it by itself: a test plays KServe, Knative and
 * the kubelet, and says when garbage is collected.
 */
public final class MemoryCluster implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    public final MovableClock clock = new MovableClock();
    public final KubernetesClient client;
    private final ScriptedApiServer server;
    private final Map<String, ObjectNode> objects = new TreeMap<>();
    private final List<Function<Request, Optional<Answer>>> instead = new CopyOnWriteArrayList<>();
    private long version;

    public MemoryCluster() {
        server = new ScriptedApiServer((method, path, body) -> answer(new Request(method, path, body)));
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(server.url())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    /** What the API server is asked. */
    public record Request(String method, String path, String body) {
        public boolean isWrite() {
            return !method.equals("GET");
        }

        /** Whether it is a write of, or below, the path of this object or kind: such as {@code events} or {@code pods/llama-1}. */
        public boolean writes(String what) {
            return isWrite() && (path + "?").replace('?', '/').contains("/" + what + "/");
        }

        public boolean is(String wantedMethod, String what) {
            return method.equals(wantedMethod) && (path + "?").replace('?', '/').contains("/" + what + "/");
        }
    }

    /** Has the API server answer so, as long as a test wants. */
    public void refuse(Predicate<Request> which, int code, String message) {
        instead.add(request -> which.test(request) ? Optional.of(Answer.status(code, message)) : Optional.empty());
    }

    /** Does something just before the first such request is answered: what somebody else does at that moment. */
    public void before(Predicate<Request> which, Runnable then) {
        boolean[] done = new boolean[1];
        instead.add(request -> {
            if (!done[0] && which.test(request)) {
                done[0] = true;
                then.run();
            }
            return Optional.empty();
        });
    }

    public void refuseNothing() {
        instead.clear();
    }

    /** All writes since the last call, such as {@code PATCH deployments/llama-predictor}, but for those of Events. */
    public List<String> writes() {
        List<String> writes = new ArrayList<>();
        for (String request : List.copyOf(server.requests)) {
            String[] words = request.split(" ", 3);
            Path path = new Path(words[1]);
            if (!words[0].equals("GET") && !path.plural().equals("events")) {
                writes.add("%s %s/%s%s"
                        .formatted(
                                words[0],
                                path.plural(),
                                path.name(),
                                path.subresource().isEmpty() ? "" : "/" + path.subresource()));
            }
        }
        server.requests.clear();
        return writes;
    }

    /** How often objects of a kind were asked for so, since the last call of {@link #writes}. */
    public long requests(String method, String plural) {
        return List.copyOf(server.requests).stream()
                .map(it -> it.split(" ", 3))
                .filter(it -> it[0].equals(method) && new Path(it[1]).plural().equals(plural))
                .count();
    }

    /** Creates an object as another one does. It needs apiVersion, kind, metadata.name and, as a rule, metadata.namespace. */
    public synchronized ObjectNode create(String plural, String yaml) {
        ObjectNode object = (ObjectNode) YamlStream.read(yaml).get(0).content();
        String apiVersion = object.path("apiVersion").asText();
        String group = apiVersion.contains("/") ? apiVersion.substring(0, apiVersion.indexOf('/')) : "";
        String key = key(group, plural, object.at("/metadata/namespace").asText(), name(object));
        if (objects.containsKey(key)) {
            throw new IllegalStateException("there already: " + key);
        }
        return store(key, created(object)).deepCopy();
    }

    /** Changes an object as another one does. */
    public synchronized void edit(
            String group, String plural, String namespace, String name, Consumer<ObjectNode> how) {
        String key = key(group, plural, namespace, name);
        ObjectNode object = objects.get(key).deepCopy();
        how.accept(object);
        store(key, object);
    }

    public synchronized Optional<ObjectNode> find(String group, String plural, String namespace, String name) {
        return Optional.ofNullable(objects.get(key(group, plural, namespace, name)))
                .map(ObjectNode::deepCopy);
    }

    public synchronized List<ObjectNode> all(String group, String plural) {
        return objects.entrySet().stream()
                .filter(it -> it.getKey().startsWith(group + " " + plural + " "))
                .map(it -> it.getValue().deepCopy())
                .toList();
    }

    /** Takes an object away, whatever it is. */
    public synchronized void remove(String group, String plural, String namespace, String name) {
        objects.remove(key(group, plural, namespace, name));
    }

    /** The reasons of all Events of one object, in the order in which they were posted. */
    public synchronized List<String> said(String name) {
        return all("", "events").stream()
                .filter(it -> it.at("/involvedObject/name").asText().equals(name))
                .sorted(Comparator.comparingLong(
                        it -> it.at("/metadata/resourceVersion").asLong()))
                .map(it -> it.path("reason").asText())
                .toList();
    }

    /** As the garbage collector: what has no owner any more goes, pods with their grace; a foreground deletion ends. */
    public synchronized void collectGarbage() {
        boolean again = true;
        while (again) {
            again = false;
            Set<String> owners = new HashSet<>();
            Set<String> going = new HashSet<>();
            for (ObjectNode object : objects.values()) {
                String uid = object.at("/metadata/uid").asText();
                owners.add(uid);
                if (object.at("/metadata/finalizers").toString().contains("foregroundDeletion")) {
                    going.add(uid);
                }
            }
            Set<String> needed = new HashSet<>();
            for (Map.Entry<String, ObjectNode> entry : List.copyOf(objects.entrySet())) {
                ObjectNode object = entry.getValue();
                for (JsonNode owner : object.at("/metadata/ownerReferences")) {
                    String uid = owner.path("uid").asText();
                    if (going.contains(uid)) {
                        needed.add(uid);
                    }
                    boolean orphaned = !owners.contains(uid) || going.contains(uid);
                    if (orphaned && object.at("/metadata/deletionTimestamp").isMissingNode()) {
                        delete(entry.getKey(), object.deepCopy(), JsonNodeFactory.instance.objectNode());
                        again = true;
                    }
                }
            }
            for (Map.Entry<String, ObjectNode> entry : List.copyOf(objects.entrySet())) {
                ObjectNode object = entry.getValue().deepCopy();
                String uid = object.at("/metadata/uid").asText();
                if (going.contains(uid) && !needed.contains(uid)) {
                    without(object, "foregroundDeletion");
                    store(entry.getKey(), object);
                    again = true;
                }
            }
        }
    }

    private static void without(ObjectNode object, String finalizer) {
        ArrayNode left = JsonNodeFactory.instance.arrayNode();
        object.at("/metadata/finalizers").forEach(it -> {
            if (!it.asText().equals(finalizer)) {
                left.add(it);
            }
        });
        object.withObject("/metadata").set("finalizers", left);
    }

    private synchronized Answer answer(Request request) {
        for (Function<Request, Optional<Answer>> one : instead) {
            Optional<Answer> answer = one.apply(request);
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        Path path = new Path(request.path());
        return switch (request.method()) {
            case "GET" -> path.name().isEmpty() ? list(path) : get(path);
            case "POST" -> post(path, json(request.body()));
            case "PATCH" -> patch(path, request.body());
            case "DELETE" -> found(path, object -> delete(path.key(), object, json(request.body())));
            default -> Answer.status(405, "not played here");
        };
    }

    private Answer get(Path path) {
        return found(path, object -> new Answer(200, object.toString()));
    }

    private Answer found(Path path, Function<ObjectNode, Answer> then) {
        ObjectNode object = objects.get(path.key());
        return object == null
                ? Answer.status(404, path.plural() + " " + path.name() + " not found")
                : then.apply(object.deepCopy());
    }

    private Answer list(Path path) {
        List<ObjectNode> found = objects.entrySet().stream()
                .filter(it -> it.getKey().startsWith(path.prefix()))
                .map(Map.Entry::getValue)
                .filter(it -> matchesLabels(it, path.query("labelSelector")))
                .filter(it -> matchesFields(it, path.query("fieldSelector")))
                .toList();
        int from = path.query("continue").isEmpty() ? 0 : Integer.parseInt(path.query("continue"));
        // Small pages: nobody may count on the first one.
        int to = Math.min(found.size(), from + 2);
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.putObject("metadata")
                .put("resourceVersion", Long.toString(version))
                .put("continue", to < found.size() ? Integer.toString(to) : "");
        list.putArray("items").addAll(found.subList(Math.min(from, to), to));
        return new Answer(200, list.toString());
    }

    private static boolean matchesLabels(ObjectNode object, String selector) {
        JsonNode labels = object.at("/metadata/labels");
        return selector.isEmpty()
                || Arrays.stream(selector.split(",", -1)).allMatch(one -> {
                    String[] pair = one.split("=", 2);
                    return pair.length == 1
                            ? labels.has(pair[0])
                            : labels.path(pair[0]).asText("").equals(pair[1]);
                });
    }

    private static boolean matchesFields(ObjectNode object, String selector) {
        String[] pair = selector.split("=", 2);
        return selector.isEmpty()
                || object.at("/" + pair[0].replace('.', '/')).asText("").equals(pair[1]);
    }

    private Answer post(Path path, ObjectNode object) {
        String key = path.prefix() + name(object);
        if (objects.containsKey(key)) {
            return Answer.status(409, "already exists");
        }
        return new Answer(201, store(key, created(object)).toString());
    }

    private Answer patch(Path path, String body) {
        return found(path, object -> {
            JsonNode after;
            try {
                JsonNode patch = JSON.readTree(body);
                JsonNode version = patch.at("/metadata/resourceVersion");
                if (!version.isMissingNode() && !version.equals(object.at("/metadata/resourceVersion"))) {
                    return Answer.status(409, "the object has been modified");
                }
                after = patch.isArray() ? JsonPatch.apply(patch, object) : merged(object.deepCopy(), patch);
            } catch (JsonPatchException | IllegalArgumentException refused) {
                return Answer.status(422, "the patch does not fit");
            } catch (JsonProcessingException e) {
                return Answer.status(400, "no JSON");
            }
            ObjectNode now = object.deepCopy();
            if (path.subresource().equals("status")) {
                now.set("status", after.path("status"));
            } else {
                now = (ObjectNode) after;
                if (object.has("status")) {
                    now.set("status", object.get("status"));
                }
            }
            return new Answer(200, store(path.key(), now).toString());
        });
    }

    /** A JSON merge patch, as the client writes a Lease with. */
    private static ObjectNode merged(ObjectNode object, JsonNode patch) {
        patch.properties().forEach(it -> {
            if (it.getValue().isObject() && object.path(it.getKey()).isObject()) {
                ObjectNode unused = merged((ObjectNode) object.get(it.getKey()), it.getValue());
            } else {
                object.set(it.getKey(), it.getValue());
            }
        });
        return object;
    }

    private Answer delete(String key, ObjectNode object, ObjectNode options) {
        for (String precondition : List.of("uid", "resourceVersion")) {
            JsonNode wanted = options.path("preconditions").path(precondition);
            if (!wanted.isMissingNode()
                    && !wanted.asText()
                            .equals(object.path("metadata").path(precondition).asText())) {
                return Answer.status(409, "the " + precondition + " is another one");
            }
        }
        ObjectNode metadata = object.withObject("/metadata");
        long grace = options.path("gracePeriodSeconds")
                .asLong(object.at("/spec/terminationGracePeriodSeconds").asLong());
        if (!metadata.has("deletionTimestamp")
                || grace < metadata.path("deletionGracePeriodSeconds").asLong()) {
            metadata.put(
                    "deletionTimestamp",
                    clock.instant()
                            .plusSeconds(grace)
                            .truncatedTo(ChronoUnit.SECONDS)
                            .toString());
            metadata.put("deletionGracePeriodSeconds", grace);
        }
        if (options.path("propagationPolicy").asText().equals("Foreground")
                && !metadata.path("finalizers").toString().contains("foregroundDeletion")) {
            metadata.withArray("finalizers").add("foregroundDeletion");
        }
        return new Answer(200, store(key, object).toString());
    }

    private ObjectNode created(ObjectNode object) {
        ObjectNode metadata = object.withObject("/metadata");
        if (!metadata.has("uid")) {
            metadata.put("uid", UUID.randomUUID().toString());
        }
        if (!metadata.has("creationTimestamp")) {
            metadata.put(
                    "creationTimestamp",
                    clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        }
        return object;
    }

    /** What nothing keeps any more is gone with the write that says so. */
    private ObjectNode store(String key, ObjectNode object) {
        ObjectNode metadata = object.withObject("/metadata");
        metadata.put("resourceVersion", Long.toString(++version));
        boolean gone = metadata.has("deletionTimestamp")
                && metadata.path("finalizers").isEmpty()
                && metadata.path("deletionGracePeriodSeconds").asLong() == 0;
        if (gone) {
            objects.remove(key);
        } else {
            objects.put(key, object);
        }
        return object;
    }

    /** Moves the clock; pods whose grace is over go, if a kubelet is there to end them. */
    public synchronized void pass(Duration time, boolean kubelet) {
        clock.move(time);
        for (Map.Entry<String, ObjectNode> entry : List.copyOf(objects.entrySet())) {
            String end = entry.getValue().at("/metadata/deletionTimestamp").asText();
            if (kubelet
                    && entry.getKey().startsWith(" pods ")
                    && !end.isEmpty()
                    && entry.getValue().at("/metadata/finalizers").isEmpty()
                    && !Instant.parse(end).isAfter(clock.instant())) {
                objects.remove(entry.getKey());
            }
        }
    }

    private static String name(ObjectNode object) {
        return object.at("/metadata/name").asText();
    }

    private static String key(String group, String plural, String namespace, String name) {
        return group + " " + plural + " " + namespace + " " + name;
    }

    private static ObjectNode json(String text) {
        try {
            return text.isEmpty() ? JsonNodeFactory.instance.objectNode() : (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }

    /** What a path names: {@code /apis/apps/v1/namespaces/ml/deployments/llama/status?...}. */
    private static final class Path {
        private final String group;
        private final String namespace;
        private final String plural;
        private final String name;
        private final String subresource;
        private final Map<String, String> query = new HashMap<>();

        Path(String text) {
            URI uri = URI.create(text);
            List<String> parts =
                    new ArrayList<>(Arrays.stream(uri.getRawPath().substring(1).split("/", -1))
                            .map(Path::decoded)
                            .toList());
            boolean core = parts.remove(0).equals("api");
            group = core ? "" : parts.remove(0);
            String unused = parts.remove(0);
            boolean namespaced = parts.size() > 2 && parts.get(0).equals("namespaces");
            namespace = namespaced ? parts.get(1) : "";
            List<String> rest = namespaced ? parts.subList(2, parts.size()) : parts;
            plural = rest.get(0);
            name = rest.size() > 1 ? rest.get(1) : "";
            subresource = rest.size() > 2 ? rest.get(2) : "";
            if (uri.getRawQuery() != null) {
                for (String one : uri.getRawQuery().split("&", -1)) {
                    String[] pair = one.split("=", 2);
                    query.put(pair[0], decoded(pair[1]));
                }
            }
        }

        private static String decoded(String text) {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        }

        String plural() {
            return plural;
        }

        String name() {
            return name;
        }

        String subresource() {
            return subresource;
        }

        String query(String parameter) {
            return query.getOrDefault(parameter, "");
        }

        String key() {
            return MemoryCluster.key(group, plural, namespace, name);
        }

        /** Of all keys in a namespace, or in all of them. */
        String prefix() {
            return group + " " + plural + " " + (namespace.isEmpty() ? "" : namespace + " ");
        }
    }
}

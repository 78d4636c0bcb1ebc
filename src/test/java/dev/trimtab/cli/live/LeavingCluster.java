package dev.trimtab.cli.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.ScriptedApiServer;
import dev.trimtab.cli.ScriptedApiServer.Answer;
import dev.trimtab.knative.KnativeDefaulting;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.knative.validation.ServiceRules;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.review.Reviewer;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.yaml.YamlStream;
import io.fabric8.zjsonpatch.JsonPatch;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A cluster that plays the API server, Knative's readiness and, if asked to, KServe. While Trimtab is down its closed door
 * refuses what it would; the number of GPUs that are starting is watched after each write.
 */
final class LeavingCluster implements ScriptedApiServer.Script {
    static final String SERVICES = "/apis/serving.knative.dev/v1/namespaces/ml/services";
    static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/ml/deployments";
    private static final ObjectMapper JSON = new ObjectMapper();

    final Map<String, Answer> answers = new HashMap<>();
    final Set<String> stuck = new HashSet<>();
    final Map<String, ObjectNode> objects = new TreeMap<>();

    /** What KServe renders, by name, if it is there. */
    final Map<String, ObjectNode> kserve = new HashMap<>();

    /** How often a write is refused, by name. */
    final Map<String, Integer> conflicts = new HashMap<>();

    String refusedTemplate = "";
    long mostGpus;
    private final Map<String, Integer> looksUntilReady = new HashMap<>();

    /** A Service that KServe rendered and Trimtab filled. */
    ObjectNode add(String yaml, Settings settings) {
        ObjectNode sent = (ObjectNode) YamlStream.read(yaml).get(0).content();
        boolean service = sent.path("kind").asText().equals("Service");
        ObjectNode filled = new Reviewer(Reviewer.PLATFORM_NAMESPACES)
                .review(new Manifest(sent), Optional.empty(), "ml", settings)
                .result();
        ObjectNode stored = service ? KnativeDefaulting.apply(filled, null, settings.knative()) : filled;
        stored.withObject("/metadata").put("generation", 1).put("resourceVersion", "1");
        objects.put((service ? SERVICES : DEPLOYMENTS) + "/" + name(stored), stored);
        return stored;
    }

    ObjectNode service(String name) {
        return objects.get(SERVICES + "/" + name);
    }

    int generation(String name) {
        return service(name).at("/metadata/generation").asInt();
    }

    @Override
    public synchronized Answer answer(String method, String url, String body) {
        String path = url.replaceAll("\\?.*", "");
        if (answers.containsKey(path)) {
            return answers.get(path);
        }
        if (method.equals("PATCH")) {
            return patch(path, body);
        }
        if (objects.containsKey(path)) {
            return new Answer(200, looked(path).toString());
        }
        if (path.equals(SERVICES) || path.equals(DEPLOYMENTS)) {
            ArrayNode items = JSON.createArrayNode();
            objects.keySet().stream().filter(it -> it.startsWith(path + "/")).forEach(it -> items.add(withStatus(it)));
            return new Answer(200, JSON.createObjectNode().set("items", items).toString());
        }
        return path.endsWith("/revisions") ? new Answer(200, "{\"items\": []}") : Answer.status(404, "not found");
    }

    private Answer patch(String path, String body) {
        ObjectNode stored = objects.get(path);
        String name = name(stored);
        if (conflicts.merge(name, -1, Integer::sum) >= 0) {
            stored.withObject("/metadata").put("resourceVersion", "c" + conflicts.get(name));
            return Answer.status(409, "the object has been modified");
        }
        ObjectNode patched;
        try {
            JsonNode patch = JSON.readTree(body);
            if (!patch.get(0).path("value").equals(stored.at("/metadata/resourceVersion"))) {
                return Answer.status(422, "the server rejected our request due to an error in our request");
            }
            ((ArrayNode) patch).remove(0);
            patched = (ObjectNode) JsonPatch.apply(patch, stored.deepCopy());
        } catch (Exception e) {
            return Answer.status(400, e.toString());
        }
        boolean template = !ServiceRules.isSame(patched.at("/spec/template"), stored.at("/spec/template"));
        if (template && stored.at("/metadata/annotations").has("trimtab.dev/filled")) {
            return Answer.status(500, "failed calling webhook recorded.trimtab.dev");
        }
        if (template && name.equals(refusedTemplate)) {
            return Answer.status(400, "admission webhook validation.webhook.serving.knative.dev denied the request");
        }
        store(path, patched);
        ObjectNode rendered = kserve.get(name);
        if (rendered != null && patched.at("/metadata/annotations").has("trimtab.dev/left")) {
            ObjectNode now = objects.get(path).deepCopy();
            now.withObject("/spec")
                    .set("template", rendered.at("/spec/template").deepCopy());
            kserve.remove(name);
            store(path, now);
        }
        return new Answer(200, patched.toString());
    }

    /** As the API server does, with Knative's defaulting. */
    private void store(String path, ObjectNode sent) {
        ObjectNode stored = objects.get(path);
        boolean service = path.startsWith(SERVICES);
        ObjectNode now = service ? KnativeDefaulting.apply(sent, stored, KnativeConfig.DEFAULTS) : sent.deepCopy();
        ObjectNode metadata = now.withObject("/metadata");
        metadata.put("resourceVersion", "r" + System.identityHashCode(now));
        boolean rolls = !ServiceRules.isSame(now.path("spec"), stored.path("spec"));
        if (rolls) {
            metadata.put("generation", stored.at("/metadata/generation").asInt() + 1);
            looksUntilReady.put(path, 2);
        }
        objects.put(path, now);
        if (rolls) {
            mostGpus = Math.max(
                    mostGpus,
                    looksUntilReady.entrySet().stream()
                            .filter(it -> it.getValue() > 0 && !stuck.contains(name(objects.get(it.getKey()))))
                            .mapToLong(it -> gpus(objects.get(it.getKey())))
                            .sum());
        }
    }

    private static long gpus(ObjectNode object) {
        long gpus = object.at("/spec/template/spec/containers/0/resources/limits/nvidia.com~1gpu")
                .asLong();
        long min = object.at("/spec/template/metadata/annotations/autoscaling.knative.dev~1min-scale")
                .asLong(1);
        return gpus * Math.max(1, object.path("spec").path("replicas").asLong(min));
    }

    private ObjectNode looked(String path) {
        looksUntilReady.computeIfPresent(
                path, (key, left) -> stuck.contains(name(objects.get(path))) ? left : Math.max(0, left - 1));
        return withStatus(path);
    }

    private ObjectNode withStatus(String path) {
        ObjectNode object = objects.get(path).deepCopy();
        boolean ready = looksUntilReady.getOrDefault(path, 0) == 0;
        int generation = object.at("/metadata/generation").asInt();
        int replicas = object.path("spec").path("replicas").asInt(1);
        ObjectNode status = object.putObject("status")
                .put("observedGeneration", generation)
                .put("latestCreatedRevisionName", "r-" + generation)
                .put("latestReadyRevisionName", "r-" + (ready ? generation : generation - 1))
                .put("replicas", replicas)
                .put("updatedReplicas", ready ? replicas : 0)
                .put("availableReplicas", replicas);
        status.putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", ready ? "True" : "Unknown")
                .put("reason", ready ? "" : "Deploying");
        return object;
    }

    private static String name(ObjectNode object) {
        return object.at("/metadata/name").asText();
    }
}

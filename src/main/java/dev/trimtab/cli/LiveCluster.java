package dev.trimtab.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.knative.config.ConfigMapProblem;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.kube.RawClient;
import dev.trimtab.lifecycle.HeldPods;
import dev.trimtab.lifecycle.RevisionRepair;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Manifest;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** A cluster, read as raw JSON: a typed model would lose fields that it does not know. */
public final class LiveCluster implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final PatchContext PATCH = new PatchContext.Builder()
            .withPatchType(PatchType.JSON)
            .withFieldManager("trimtab-cli")
            .build();
    private static final int PAGE = 500;

    /** Paged attempts before the whole list is read at once: an attempt that takes too long expires. */
    private static final int RESTARTS = 3;

    private final String namespace;
    private final KubernetesClient client;

    LiveCluster(Config config, String namespace) {
        this.namespace = namespace;
        client = new KubernetesClientBuilder().withConfig(config).build();
    }

    public String namespace() {
        return namespace;
    }

    public Optional<Manifest> find(ServiceRef ref) throws ApiProblem {
        return find(ObjectRef.of(ref));
    }

    public Optional<Manifest> find(ObjectRef ref) throws ApiProblem {
        JsonNode found = get(ref.toString(), ref.path());
        return found instanceof ObjectNode object ? Optional.of(new Manifest(object)) : Optional.empty();
    }

    /** @return the object as stored, with the changes of webhooks */
    Manifest patch(ObjectRef ref, ArrayNode patch) throws ApiProblem {
        return new Manifest(JSON.valueToTree(
                ask(ref.toString(), () -> client.genericKubernetesResources(RawClient.definition(ref.kind()))
                        .inNamespace(ref.namespace())
                        .withName(ref.name())
                        .patch(PATCH, patch.toString()))));
    }

    public HeldPods pods(ServiceRef ref) throws ApiProblem {
        String selector = ref.kind().selector(ref.name());
        return HeldPods.of(
                pods(ref.toString(), "/api/v1/namespaces/" + RawClient.encoded(ref.namespace()) + "/pods", selector));
    }

    public JsonNode podsOf(Stoppable kind, Optional<String> of) throws ApiProblem {
        return pods("pods", "/api/v1" + in(of) + "/pods", kind.selector());
    }

    private JsonNode pods(String about, String path, String selector) throws ApiProblem {
        return get(about, path + "?labelSelector=" + RawClient.encoded(selector))
                .path("items");
    }

    /** Empty if the cluster does not know the kind. */
    public Optional<List<Manifest>> list(Stoppable kind, Optional<String> of) throws ApiProblem {
        JsonNode list = get(kind.plural(), "/apis/" + kind.resource().apiVersion() + in(of) + "/" + kind.plural());
        if (list.isMissingNode()) {
            return Optional.empty();
        }
        List<Manifest> all = new ArrayList<>();
        list.path("items").forEach(item -> {
            if (item instanceof ObjectNode object) {
                all.add(new Manifest(object));
            }
        });
        return Optional.of(all);
    }

    /** Returns the newest warning Event of a service. Empty if the service has none or RBAC hides Events. */
    public Optional<String> lastWarning(ServiceRef ref) {
        String selector = "involvedObject.name=%s,involvedObject.kind=%s,type=Warning"
                .formatted(ref.name(), ref.kind().kindName());
        String path =
                "/api/v1" + in(Optional.of(ref.namespace())) + "/events?fieldSelector=" + RawClient.encoded(selector);
        try {
            return items(path).orElse(List.of()).stream()
                    .map(ClusterEvent::of)
                    .max(Comparator.comparing(ClusterEvent::when))
                    .map(it -> it.reason() + ": " + it.message());
        } catch (ApiProblem problem) {
            return Optional.of("its Events cannot be read: " + problem.getMessage());
        }
    }

    /** Returns the Events of Trimtab's controller that the cluster still keeps. Empty if Events may not be read. */
    public List<JsonNode> news(Optional<String> of) throws ApiProblem {
        return items("/api/v1" + in(of) + "/events?fieldSelector=" + RawClient.encoded("source=trimtab"))
                .orElse(List.of());
    }

    /**
     * Empty if Knative is not installed, or if RBAC hides its limits or Revisions.
     *
     * @param knative namespace of Knative's ConfigMaps
     */
    public Optional<List<RefusedRevision>> refusedRevisions(String knative, Optional<String> of) throws ApiProblem {
        JsonNode limits =
                shown("/api/v1" + in(Optional.of(knative)) + "/configmaps/" + KnativeConfig.CONFIG_AUTOSCALER);
        Optional<List<JsonNode>> revisions = limits.isMissingNode()
                ? Optional.empty()
                : items("/apis/serving.knative.dev/v1" + in(of) + "/revisions");
        return revisions.flatMap(all -> RefusedRevision.of(all, limits.path("data")));
    }

    /** Empty if the cluster does not know the kind, or does not allow reading it. */
    private Optional<List<JsonNode>> items(String path) throws ApiProblem {
        JsonNode list = shown(path);
        List<JsonNode> items = new ArrayList<>();
        list.path("items").forEach(items::add);
        return list.isMissingNode() ? Optional.empty() : Optional.of(items);
    }

    /** Returns a missing node if the object does not exist or RBAC hides the object. Throws if the cluster fails. */
    private JsonNode shown(String path) throws ApiProblem {
        try {
            return get(path, path);
        } catch (ApiProblem problem) {
            if (!problem.isForbidden()) {
                throw problem;
            }
            return MissingNode.getInstance();
        }
    }

    /** Throws {@link BadInput} if the namespace does not exist. If it may not be read, it is taken to exist. */
    public void requireNamespace(String name) throws BadInput, ApiProblem {
        try {
            if (get("namespace " + name, "/api/v1/namespaces/" + RawClient.encoded(name))
                    .isMissingNode()) {
                throw new BadInput(List.of("the cluster has no namespace " + name));
            }
        } catch (ApiProblem problem) {
            if (!problem.isForbidden()) {
                throw problem;
            }
        }
    }

    /** Missing if the path does not exist. */
    public JsonNode get(String about, String path) throws ApiProblem {
        return json(about, ask(about, () -> client.raw(path)));
    }

    /** The API server's answer to a POST. Missing if the path does not exist. */
    public JsonNode create(String about, String path, ObjectNode object) throws ApiProblem {
        return json(about, ask(about, () -> client.raw(path, "POST", object)));
    }

    private JsonNode json(String about, String answer) throws ApiProblem {
        if (answer == null) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(answer);
        } catch (JsonProcessingException noJson) {
            throw ApiProblem.of(
                    about, client.getMasterUrl().toString(), new KubernetesClientException("is not an API server"));
        }
    }

    /**
     * Reads a long list page by page. Only the results of {@code wanted} stay in memory.
     *
     * @param path path of the collection, with a selector if any
     * @param wanted returns empty for an object to skip
     * @return empty if the cluster does not know the kind
     */
    public <T> Optional<List<T>> pages(String path, Function<ObjectNode, Optional<T>> wanted) throws ApiProblem {
        for (int attempt = 0; attempt < RESTARTS; attempt++) {
            try {
                return all(path, "limit=" + PAGE, wanted);
            } catch (ApiProblem problem) {
                if (!problem.isExpired()) {
                    throw problem;
                }
            }
        }
        return all(path, "", wanted);
    }

    private <T> Optional<List<T>> all(String path, String limit, Function<ObjectNode, Optional<T>> wanted)
            throws ApiProblem {
        String kind = path.replaceAll("\\?.*|.*/(?=[a-z]+(\\?|$))", "");
        String start = path + (path.contains("?") ? "&" : "?") + limit;
        List<T> found = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = get(kind, next.isEmpty() ? start : start + "&continue=" + RawClient.encoded(next));
            if (page.isMissingNode()) {
                return Optional.empty();
            }
            page.path("items").forEach(item -> {
                if (item instanceof ObjectNode object) {
                    wanted.apply(object).ifPresent(found::add);
                }
            });
            next = page.path("metadata").path("continue").asText("");
        } while (!next.isEmpty());
        return Optional.of(found);
    }

    private <T> T ask(String about, Supplier<T> call) throws ApiProblem {
        try {
            return call.get();
        } catch (KubernetesClientException problem) {
            throw ApiProblem.of(about, client.getMasterUrl().toString(), problem);
        }
    }

    public static String in(Optional<String> namespace) {
        return namespace.map(it -> "/namespaces/" + RawClient.encoded(it)).orElse("");
    }

    @Override
    public void close() {
        client.close();
    }

    /** A Revision that Knative no longer writes, not even its status, since {@code config-autoscaler} was tightened. */
    public record RefusedRevision(String namespace, String name) {
        /**
         * @param limits data of {@code config-autoscaler}
         * @return empty if Knative itself would refuse these limits
         */
        static Optional<List<RefusedRevision>> of(List<JsonNode> revisions, JsonNode limits) {
            Map<String, String> data = new HashMap<>();
            limits.properties()
                    .forEach(it -> data.put(it.getKey(), it.getValue().asText()));
            AutoscalerConfig cluster;
            try {
                cluster = KnativeConfig.DEFAULTS
                        .withConfigMap(KnativeConfig.CONFIG_AUTOSCALER, data)
                        .autoscaler();
            } catch (ConfigMapProblem invalid) {
                return Optional.empty();
            }
            List<RefusedRevision> refused = new ArrayList<>();
            for (JsonNode revision : revisions) {
                if (revision instanceof ObjectNode object) {
                    Manifest manifest = new Manifest(object);
                    RevisionRepair.of(manifest, cluster)
                            .ifPresent(it -> refused.add(new RefusedRevision(manifest.namespace(), manifest.name())));
                }
            }
            refused.sort(Comparator.comparing(RefusedRevision::namespace).thenComparing(RefusedRevision::name));
            return Optional.of(refused);
        }

        @Override
        public String toString() {
            return namespace + "/" + name;
        }
    }
}

package dev.trimtab.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.lifecycle.HeldPods;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Manifest;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A cluster, as raw JSON: a typed model would lose what it does not know. */
public final class LiveCluster implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final PatchContext PATCH = new PatchContext.Builder()
            .withPatchType(PatchType.JSON)
            .withFieldManager("trimtab-cli")
            .build();

    private final String namespace;
    private final KubernetesClient client;

    LiveCluster(Config config, String namespace) {
        this.namespace = namespace;
        client = new KubernetesClientBuilder().withConfig(config).build();
    }

    /** Where objects are looked for. */
    public String namespace() {
        return namespace;
    }

    public Optional<Manifest> find(ServiceRef ref) throws ApiProblem {
        return find(ObjectRef.of(ref));
    }

    public Optional<Manifest> find(ObjectRef ref) throws ApiProblem {
        JsonNode found = get(ref.toString(), ref.collection() + "/" + encoded(ref.name()));
        return found instanceof ObjectNode object ? Optional.of(new Manifest(object)) : Optional.empty();
    }

    /** @return as it is stored then, whatever webhooks made of it */
    Manifest patch(ObjectRef ref, ArrayNode patch) throws ApiProblem {
        return new Manifest(
                JSON.valueToTree(ask(ref.toString(), () -> client.genericKubernetesResources(ref.definition())
                        .inNamespace(ref.namespace())
                        .withName(ref.name())
                        .patch(PATCH, patch.toString()))));
    }

    public HeldPods pods(ServiceRef ref) throws ApiProblem {
        String selector = ref.kind().selector(ref.name());
        return HeldPods.of(pods(ref.toString(), "/api/v1/namespaces/" + encoded(ref.namespace()) + "/pods", selector));
    }

    /** The pods of all services of a kind. */
    public JsonNode podsOf(Stoppable kind, Optional<String> of) throws ApiProblem {
        return pods("pods", "/api/v1" + in(of) + "/pods", kind.selector());
    }

    private JsonNode pods(String about, String path, String selector) throws ApiProblem {
        return get(about, path + "?labelSelector=" + encoded(selector)).path("items");
    }

    /** Empty where the cluster does not know the kind. */
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

    /** What last went wrong with it; empty also where Events may not be read. */
    public Optional<String> lastWarning(ServiceRef ref) {
        String selector = "involvedObject.name=%s,involvedObject.kind=%s,type=Warning"
                .formatted(ref.name(), ref.kind().kindName());
        String path = "/api/v1" + in(Optional.of(ref.namespace())) + "/events?fieldSelector=" + encoded(selector);
        try {
            return items(path).orElse(List.of()).stream()
                    .map(ClusterEvent::of)
                    .max(Comparator.comparing(ClusterEvent::when))
                    .map(it -> it.reason() + ": " + it.message());
        } catch (ApiProblem problem) {
            return Optional.of("its Events cannot be read: " + problem.getMessage());
        }
    }

    /** What Trimtab has said of stops, as far as the cluster still has it; none where Events may not be read. */
    public List<JsonNode> news(Optional<String> of) throws ApiProblem {
        return items("/api/v1" + in(of) + "/events?fieldSelector=" + encoded("source=trimtab"))
                .orElse(List.of());
    }

    /**
     * Empty where they, or Knative's limits, may not be read, or there is no Knative.
     *
     * @param knative the namespace with Knative's ConfigMaps
     */
    public Optional<List<RefusedRevision>> refusedRevisions(String knative, Optional<String> of) throws ApiProblem {
        JsonNode limits =
                shown("/api/v1" + in(Optional.of(knative)) + "/configmaps/" + KnativeConfig.CONFIG_AUTOSCALER);
        Optional<List<JsonNode>> revisions = limits.isMissingNode()
                ? Optional.empty()
                : items("/apis/serving.knative.dev/v1" + in(of) + "/revisions");
        return revisions.flatMap(all -> RefusedRevision.of(all, limits.path("data")));
    }

    /** Empty where the cluster does not know them, or does not show them with these rights. */
    private Optional<List<JsonNode>> items(String path) throws ApiProblem {
        JsonNode list = shown(path);
        List<JsonNode> items = new ArrayList<>();
        list.path("items").forEach(items::add);
        return list.isMissingNode() ? Optional.empty() : Optional.of(items);
    }

    /** Missing also where these rights do not show it. A cluster that fails to answer is another matter. */
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

    /** For who has found nothing in it; who may not look at it is believed. */
    public void requireNamespace(String name) throws BadInput, ApiProblem {
        try {
            if (get("namespace " + name, "/api/v1/namespaces/" + encoded(name)).isMissingNode()) {
                throw new BadInput(List.of("the cluster has no namespace " + name));
            }
        } catch (ApiProblem problem) {
            if (!problem.isForbidden()) {
                throw problem;
            }
        }
    }

    /** Missing where there is none. */
    public JsonNode get(String about, String path) throws ApiProblem {
        String answer = ask(about, () -> client.raw(path));
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

    private <T> T ask(String about, Supplier<T> call) throws ApiProblem {
        try {
            return call.get();
        } catch (KubernetesClientException problem) {
            throw ApiProblem.of(about, client.getMasterUrl().toString(), problem);
        }
    }

    public static String in(Optional<String> namespace) {
        return namespace.map(it -> "/namespaces/" + encoded(it)).orElse("");
    }

    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        client.close();
    }
}

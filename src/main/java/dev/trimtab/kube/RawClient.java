package dev.trimtab.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.ResourceKind;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Reads and writes objects as raw JSON. A typed model would lose unknown fields. */
public final class RawClient {
    public static final String FIELD_MANAGER = "trimtab-controller";

    private static final JsonMapper JSON = new JsonMapper();
    private static final int PAGE = 500;

    private final KubernetesClient client;
    private final BooleanSupplier leading;

    /** A client that writes without checking for leadership. */
    public RawClient(KubernetesClient client) {
        this(client, () -> true);
    }

    /** @param leading checked before each write, since another process may lead by now */
    public RawClient(KubernetesClient client, BooleanSupplier leading) {
        this.client = client;
        this.leading = leading;
    }

    public Optional<ObjectNode> find(ResourceKind kind, String namespace, String name) {
        return read(path(kind, namespace) + "/" + encoded(name));
    }

    /** Whether the object has another version by now, or is gone. */
    public boolean isOutdated(ResourceKind kind, String namespace, String name, String resourceVersion) {
        return find(kind, namespace, name)
                .filter(it -> it.at("/metadata/resourceVersion").asText("").equals(resourceVersion))
                .isEmpty();
    }

    /**
     * Lists objects as they are now, not from the API server's cache. Empty if the cluster does not know the kind.
     *
     * @param namespace empty for all
     * @param selector by labels; empty for all
     */
    public List<JsonNode> list(ResourceKind kind, String namespace, String selector) {
        List<JsonNode> all = new ArrayList<>();
        each(kind, namespace, selector, all::add);
        return all;
    }

    public List<JsonNode> listByFields(ResourceKind kind, String namespace, String fields) {
        List<JsonNode> all = new ArrayList<>();
        pages(path(kind, namespace), "&fieldSelector=" + encoded(fields), all::add);
        return all;
    }

    /** Like {@link #list}, for long lists: the caller keeps only what it needs. */
    public void each(ResourceKind kind, String namespace, String selector, Consumer<JsonNode> take) {
        pages(path(kind, namespace), selector.isEmpty() ? "" : "&labelSelector=" + encoded(selector), take);
    }

    private void pages(String path, String selector, Consumer<JsonNode> take) {
        String next = "";
        do {
            String query = "?limit=" + PAGE + selector + (next.isEmpty() ? "" : "&continue=" + encoded(next));
            Optional<ObjectNode> page = read(path + query);
            page.ifPresent(it -> it.path("items").forEach(take));
            next = page.map(it -> it.at("/metadata/continue").asText("")).orElse("");
        } while (!next.isEmpty());
    }

    public ObjectNode create(ResourceKind kind, String namespace, ObjectNode object) {
        onlyIfLeading();
        return json(client.raw(path(kind, namespace), "POST", object));
    }

    /**
     * Deletes the object that the preconditions in the options name.
     *
     * @return whether the object was there
     */
    public boolean delete(ResourceKind kind, String namespace, String name, ObjectNode options) {
        onlyIfLeading();
        options.put("apiVersion", "v1").put("kind", "DeleteOptions");
        try {
            return client.raw(path(kind, namespace) + "/" + encoded(name), "DELETE", options) != null;
        } catch (KubernetesClientException problem) {
            if (problem.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return false;
            }
            throw problem;
        }
    }

    public static ObjectNode only(String uid, String resourceVersion) {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        ObjectNode preconditions = options.putObject("preconditions").put("uid", uid);
        if (!resourceVersion.isEmpty()) {
            preconditions.put("resourceVersion", resourceVersion);
        }
        return options;
    }

    public void patch(ResourceKind kind, String namespace, String name, ArrayNode patch, String fieldManager) {
        resource(kind, namespace, name, patch, fieldManager, false);
    }

    public void patchStatus(ResourceKind kind, String namespace, String name, ArrayNode patch) {
        resource(kind, namespace, name, patch, FIELD_MANAGER, true);
    }

    private void resource(
            ResourceKind kind, String namespace, String name, ArrayNode patch, String fieldManager, boolean status) {
        onlyIfLeading();
        PatchContext context = new PatchContext.Builder()
                .withPatchType(PatchType.JSON)
                .withFieldManager(fieldManager)
                .build();
        var resource = client.genericKubernetesResources(definition(kind))
                .inNamespace(namespace)
                .withName(name);
        boolean there;
        if (status) {
            there = resource.subresource("status").patch(context, patch.toString()) != null;
        } else {
            there = resource.patch(context, patch.toString()) != null;
        }
        if (!there) {
            // The client reads the object first. If there is none it returns null and throws nothing.
            throw new KubernetesClientException(
                    "not found", HttpURLConnection.HTTP_NOT_FOUND, new StatusBuilder().build());
        }
    }

    /** Throws if this process may not lead: the reconcile ends, and its queue tries again while it is open. */
    private void onlyIfLeading() {
        if (!leading.getAsBoolean()) {
            throw new IllegalStateException("another one may lead");
        }
    }

    private Optional<ObjectNode> read(String path) {
        return Optional.ofNullable(client.raw(path)).map(RawClient::json);
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException noJson) {
            throw new KubernetesClientException("is not an API server: " + noJson.getOriginalMessage());
        }
    }

    public static ResourceDefinitionContext definition(ResourceKind kind) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(kind.group())
                .withVersion(kind.version())
                .withKind(kind.kindName())
                .withPlural(kind.plural())
                .withNamespaced(kind.namespaced())
                .build();
    }

    /** @param namespace empty for all */
    public static String path(ResourceKind kind, String namespace) {
        return (kind.group().isEmpty() ? "/api/" : "/apis/")
                + kind.apiVersion()
                + (namespace.isEmpty() ? "" : "/namespaces/" + encoded(namespace))
                + "/"
                + kind.plural();
    }

    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}

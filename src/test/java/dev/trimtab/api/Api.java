package dev.trimtab.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.yaml.YamlStream;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/** Objects as raw JSON: what is compared is what the API server says, not what a Java type keeps of it. */
record Api(KubernetesClient client) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A collection of objects. */
    enum Kind {
        KNATIVE_SERVICE("serving.knative.dev/v1", "services"),
        REVISION("serving.knative.dev/v1", "revisions"),
        INFERENCE_SERVICE("serving.kserve.io/v1beta1", "inferenceservices"),
        INFERENCE_GRAPH("serving.kserve.io/v1alpha1", "inferencegraphs"),
        DEPLOYMENT("apps/v1", "deployments");

        private final String version;
        private final String plural;

        Kind(String version, String plural) {
            this.version = version;
            this.plural = plural;
        }

        String path(String namespace) {
            return "/apis/%s/namespaces/%s/%s".formatted(version, namespace, plural);
        }
    }

    ObjectNode get(Kind kind, String namespace, String name) {
        return find(kind, namespace, name)
                .orElseThrow(() -> new AssertionError("no %s %s/%s".formatted(kind, namespace, name)));
    }

    Optional<ObjectNode> find(Kind kind, String namespace, String name) {
        return Optional.ofNullable(client.raw(kind.path(namespace) + "/" + name))
                .map(Api::json);
    }

    ObjectNode create(Kind kind, ObjectNode object) {
        return send("POST", kind.path(namespace(object)), object);
    }

    ObjectNode dryRunCreate(Kind kind, ObjectNode object) {
        return send("POST", kind.path(namespace(object)) + "?dryRun=All", object);
    }

    ObjectNode update(Kind kind, ObjectNode object) {
        return send("PUT", path(kind, object), object);
    }

    ObjectNode dryRunUpdate(Kind kind, ObjectNode object) {
        return send("PUT", path(kind, object) + "?dryRun=All", object);
    }

    static ObjectNode yaml(String text) {
        return (ObjectNode) YamlStream.read(text).get(0).content();
    }

    private static String path(Kind kind, ObjectNode object) {
        return kind.path(namespace(object)) + "/" + object.at("/metadata/name").asText();
    }

    private static String namespace(ObjectNode object) {
        return object.at("/metadata/namespace").asText();
    }

    private ObjectNode send(String method, String path, ObjectNode object) {
        return json(client.raw(path, method, object.toString()));
    }

    static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}

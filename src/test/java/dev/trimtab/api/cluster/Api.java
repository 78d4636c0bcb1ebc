package dev.trimtab.api.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.yaml.YamlStream;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Objects as raw JSON: what is compared is what the API server says, not what a Java type keeps of it. */
public record Api(KubernetesClient client) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ATTEMPTS = 20;

    /** A collection of objects. */
    public enum Kind {
        KNATIVE_SERVICE("serving.knative.dev/v1", "Service", "services"),
        CONFIGURATION("serving.knative.dev/v1", "Configuration", "configurations"),
        REVISION("serving.knative.dev/v1", "Revision", "revisions"),
        INFERENCE_SERVICE("serving.kserve.io/v1beta1", "InferenceService", "inferenceservices"),
        INFERENCE_GRAPH("serving.kserve.io/v1alpha1", "InferenceGraph", "inferencegraphs"),
        DEPLOYMENT("apps/v1", "Deployment", "deployments"),
        HORIZONTAL_POD_AUTOSCALER("autoscaling/v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
        SCALED_OBJECT("keda.sh/v1alpha1", "ScaledObject", "scaledobjects"),
        SERVING_SCHEDULE("trimtab.dev/v1alpha1", "ServingSchedule", "servingschedules"),
        POD_AUTOSCALER("autoscaling.aibrix.ai/v1alpha1", "PodAutoscaler", "podautoscalers"),
        VIRTUAL_SERVICE("networking.istio.io/v1beta1", "VirtualService", "virtualservices"),
        HTTP_ROUTE("gateway.networking.k8s.io/v1", "HTTPRoute", "httproutes"),
        INGRESS("networking.k8s.io/v1", "Ingress", "ingresses"),
        SERVICE("v1", "Service", "services"),
        RESOURCE_QUOTA("v1", "ResourceQuota", "resourcequotas"),
        POD("v1", "Pod", "pods"),
        EVENT("v1", "Event", "events");

        private final String version;
        private final String kindName;
        private final String plural;

        Kind(String version, String kindName, String plural) {
            this.version = version;
            this.kindName = kindName;
            this.plural = plural;
        }

        public String version() {
            return version;
        }

        public String kindName() {
            return kindName;
        }

        public String path(String namespace) {
            String root = version.contains("/") ? "/apis/" : "/api/";
            return "%s%s/namespaces/%s/%s".formatted(root, version, namespace, plural);
        }
    }

    public ObjectNode get(Kind kind, String namespace, String name) {
        return find(kind, namespace, name)
                .orElseThrow(() -> new AssertionError("no %s %s/%s".formatted(kind, namespace, name)));
    }

    public Optional<ObjectNode> find(Kind kind, String namespace, String name) {
        return Optional.ofNullable(client.raw(kind.path(namespace) + "/" + name))
                .map(Api::json);
    }

    public List<ObjectNode> list(Kind kind, String namespace) {
        List<ObjectNode> all = new ArrayList<>();
        json(client.raw(kind.path(namespace))).path("items").forEach(it -> all.add((ObjectNode) it));
        return all;
    }

    public void delete(Kind kind, String namespace, String name) {
        String unused = client.raw(kind.path(namespace) + "/" + name, "DELETE", "{}");
    }

    public ObjectNode updateStatus(Kind kind, ObjectNode object) {
        return send("PUT", path(kind, object) + "/status", object);
    }

    public ObjectNode create(Kind kind, ObjectNode object) {
        return send("POST", kind.path(namespace(object)), object);
    }

    public ObjectNode dryRunCreate(Kind kind, ObjectNode object) {
        return send("POST", kind.path(namespace(object)) + "?dryRun=All", object);
    }

    public ObjectNode update(Kind kind, ObjectNode object) {
        return send("PUT", path(kind, object), object);
    }

    /** Again if the object was written in between, as controllers do at any time. */
    public ObjectNode change(Kind kind, String namespace, String name, Consumer<ObjectNode> change) {
        return again(() -> {
            ObjectNode object = get(kind, namespace, name);
            change.accept(object);
            return update(kind, object);
        });
    }

    public ObjectNode changeStatus(Kind kind, String namespace, String name, Consumer<ObjectNode> change) {
        return again(() -> {
            ObjectNode object = get(kind, namespace, name);
            change.accept(object.withObject("/status"));
            return updateStatus(kind, object);
        });
    }

    private static ObjectNode again(Supplier<ObjectNode> write) {
        for (int attempt = 1; ; attempt++) {
            try {
                return write.get();
            } catch (KubernetesClientException conflict) {
                if (conflict.getCode() != 409 || attempt == ATTEMPTS) {
                    throw conflict;
                }
            }
        }
    }

    public ObjectNode dryRunUpdate(Kind kind, ObjectNode object) {
        return send("PUT", path(kind, object) + "?dryRun=All", object);
    }

    public static ObjectNode yaml(String text) {
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

    public static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}

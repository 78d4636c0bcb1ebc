package dev.trimtab.controller.stop;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kube.RawClient;
import dev.trimtab.lifecycle.Child;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.lifecycle.StoppingPod.Ownership;
import dev.trimtab.manifest.ResourceKind;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Follows controller references from an object to a service, by UID: names and labels prove nothing. Use it for one
 * reconcile of one service only: it caches owners.
 */
final class OwnerChain {
    /** Longest chain: Pod, ReplicaSet, Deployment, Revision, Configuration, Service, InferenceService, and two more. */
    private static final int LONGEST = 9;

    private static final List<ResourceKind> OWNERS = List.of(
            ResourceKind.POD,
            ResourceKind.REPLICA_SET,
            ResourceKind.STATEFUL_SET,
            ResourceKind.DEPLOYMENT,
            ResourceKind.KNATIVE_SERVICE,
            ResourceKind.CONFIGURATION,
            ResourceKind.REVISION,
            ResourceKind.LEADER_WORKER_SET,
            ResourceKind.INFERENCE_SERVICE,
            ResourceKind.INFERENCE_GRAPH,
            ResourceKind.LLM_INFERENCE_SERVICE);

    private final RawClient objects;
    private final String namespace;
    private final String serviceUid;
    private final Map<String, Ownership> known = new HashMap<>();

    OwnerChain(RawClient objects, String namespace, String serviceUid) {
        this.objects = objects;
        this.namespace = namespace;
        this.serviceUid = serviceUid;
    }

    Ownership of(JsonNode object) {
        return of(object, LONGEST, Ownership.UNKNOWN);
    }

    /** @param withoutOwner the result if the object has no controller */
    private Ownership of(JsonNode object, int left, Ownership withoutOwner) {
        Optional<JsonNode> controller = Child.controllerReference(object);
        if (controller.isEmpty()) {
            return withoutOwner;
        }
        String uid = controller.get().path("uid").asText("");
        if (uid.equals(serviceUid)) {
            return Ownership.OURS;
        }
        Ownership seen = known.get(uid);
        if (seen == null) {
            seen = left == 0 ? Ownership.UNKNOWN : ofOwner(controller.get(), uid, left);
            known.put(uid, seen);
        }
        return seen;
    }

    private Ownership ofOwner(JsonNode reference, String uid, int left) {
        Optional<ResourceKind> kind = kind(
                reference.path("apiVersion").asText(""), reference.path("kind").asText(""));
        if (kind.isEmpty()) {
            return Ownership.OTHERS;
        }
        boolean isService = kind.get().group().equals(Stoppable.GROUP);
        try {
            return objects.find(kind.get(), namespace, reference.path("name").asText(""))
                    .filter(owner -> owner.at("/metadata/uid").asText("").equals(uid))
                    .map(owner -> of(owner, left - 1, Ownership.OTHERS))
                    // A service that is gone is not this one, even if it had the same name.
                    .orElse(isService ? Ownership.OTHERS : Ownership.ORPHANED);
        } catch (KubernetesClientException problem) {
            if (problem.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return Ownership.UNKNOWN;
            }
            throw problem;
        }
    }

    /** The kind of an owner, in any version; empty for a kind that owns no pods of services. */
    private static Optional<ResourceKind> kind(String apiVersion, String kindName) {
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        return OWNERS.stream()
                .filter(it -> it.kindName().equals(kindName) && it.group().equals(group))
                .findFirst();
    }
}

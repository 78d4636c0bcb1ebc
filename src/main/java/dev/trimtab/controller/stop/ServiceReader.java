package dev.trimtab.controller.stop;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.controller.ControllerSettings;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.kube.RawClient;
import dev.trimtab.lifecycle.Child;
import dev.trimtab.lifecycle.Child.ChildKind;
import dev.trimtab.lifecycle.HeldPods.HeldPod;
import dev.trimtab.lifecycle.ObservedService;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.lifecycle.StoppingPod;
import dev.trimtab.lifecycle.StoppingPod.Ownership;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ResourceKind;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Reads the children and pods of a service, and what can start its pods. Keeps no state between reconciles. */
public final class ServiceReader {
    private static final Set<ChildKind> WITH_PODS = EnumSet.of(ChildKind.KNATIVE_SERVICE, ChildKind.DEPLOYMENT);

    /** Kinds that start pods and have the labels that KServe gives to pods. */
    private static final List<ResourceKind> MAKERS =
            List.of(ResourceKind.DEPLOYMENT, ResourceKind.REPLICA_SET, ResourceKind.STATEFUL_SET);

    private static final Logger LOG = Logger.getLogger(ServiceReader.class);

    private final RawClient objects;
    private final ControllerSettings settings;
    private final Clock clock;

    public ServiceReader(RawClient objects, ControllerSettings settings, Clock clock) {
        this.objects = objects;
        this.settings = settings;
        this.clock = clock;
    }

    /** @param whole whether to list also kinds without pods: routes, Services and autoscalers */
    public ObservedService of(ServiceRef ref, Manifest service, Instant since, boolean whole) {
        String uid = service.metadata().path("uid").asText("");
        OwnerChain owners = new OwnerChain(objects, ref.namespace(), uid);
        DeploymentMode mode = settings.mode(service);
        return new ObservedService(
                ref.kind(),
                service,
                mode,
                since,
                clock.instant(),
                settings.lifecycle(),
                settings.nativeStop().test(ref.kind(), mode),
                children(ref, uid, whole ? EnumSet.allOf(ChildKind.class) : WITH_PODS),
                makers(ref, owners),
                pods(ref, owners));
    }

    private List<Child> children(ServiceRef ref, String uid, Set<ChildKind> kinds) {
        List<Child> children = new ArrayList<>();
        if (!ref.kind().isTornDown()) {
            return children;
        }
        for (ChildKind kind : kinds) {
            for (JsonNode object : list(ref, kind)) {
                if (Child.controllerOf(object).equals(uid)) {
                    children.add(Child.of(kind, object));
                }
            }
        }
        return children;
    }

    /** If RBAC forbids to list a kind without pods, such objects are left behind, as without Trimtab. */
    private List<JsonNode> list(ServiceRef ref, ChildKind kind) {
        try {
            return objects.list(kind.resource(), ref.namespace(), selector(ref, kind));
        } catch (KubernetesClientException problem) {
            if (problem.getCode() != HttpURLConnection.HTTP_FORBIDDEN || WITH_PODS.contains(kind)) {
                throw problem;
            }
            LOG.debugf("%s: may not list %s: %s", ref, kind.resource().plural(), problem.getMessage());
            return List.of();
        }
    }

    /** Children that Trimtab's finalizer keeps, of this service or an earlier one of the same name. */
    public List<Child> held(ServiceRef ref) {
        List<Child> held = new ArrayList<>();
        for (ChildKind kind : WITH_PODS) {
            for (JsonNode object : objects.list(kind.resource(), ref.namespace(), selector(ref, kind))) {
                Child child = Child.of(kind, object);
                if (child.held() && owner(object).equals(Optional.of(ref))) {
                    held.add(child);
                }
            }
        }
        return held;
    }

    /**
     * Empty for kinds of which not all objects have the label: routes, Services, and Knative Services of graphs before
     * KServe 0.16. Only the owner tells these.
     */
    private static String selector(ServiceRef ref, ChildKind kind) {
        boolean labelled = kind == ChildKind.DEPLOYMENT
                || (kind == ChildKind.KNATIVE_SERVICE && ref.kind() == Stoppable.INFERENCE_SERVICE);
        return labelled ? ref.kind().selector(ref.name()) : "";
    }

    /** Services of all children that Trimtab's finalizer keeps, in all namespaces. */
    public Set<ServiceRef> allHeld() {
        Set<ServiceRef> services = new HashSet<>();
        for (ChildKind kind : WITH_PODS) {
            objects.each(kind.resource(), "", "", object -> {
                if (Child.of(kind, object).held()) {
                    owner(object).ifPresent(services::add);
                }
            });
        }
        return services;
    }

    static Optional<ServiceRef> owner(JsonNode object) {
        String namespace = object.at("/metadata/namespace").asText("");
        return Child.controllerReference(object)
                .filter(owner -> owner.path("apiVersion").asText("").startsWith(Stoppable.GROUP + "/"))
                .flatMap(owner -> Stream.of(Stoppable.values())
                        .filter(kind -> owner.path("kind").asText("").equals(kind.kindName()))
                        .map(kind -> new ServiceRef(
                                kind, namespace, owner.path("name").asText("")))
                        .findFirst());
    }

    private List<String> makers(ServiceRef ref, OwnerChain owners) {
        List<String> makers = new ArrayList<>();
        for (ResourceKind kind : MAKERS) {
            for (JsonNode object :
                    objects.list(kind, ref.namespace(), ref.kind().selector(ref.name()))) {
                boolean goes = !Pointers.isAbsent(object.at("/metadata/deletionTimestamp"));
                Ownership ownership = goes ? Ownership.OTHERS : owners.of(object);
                if (ownership == Ownership.OURS || ownership == Ownership.ORPHANED) {
                    makers.add(
                            kind.kindName() + " " + object.at("/metadata/name").asText());
                }
            }
        }
        return makers;
    }

    private List<StoppingPod> pods(ServiceRef ref, OwnerChain owners) {
        List<StoppingPod> pods = new ArrayList<>();
        for (JsonNode object :
                objects.list(ResourceKind.POD, ref.namespace(), ref.kind().selector(ref.name()))) {
            Ownership ownership = HeldPod.isOver(object) ? Ownership.OTHERS : owners.of(object);
            if (ownership != Ownership.OTHERS) {
                pods.add(StoppingPod.of(object, ownership));
            }
        }
        return pods;
    }
}

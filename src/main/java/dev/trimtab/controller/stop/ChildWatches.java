package dev.trimtab.controller.stop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trimtab.kube.Kinds;
import dev.trimtab.kube.RawClient;
import dev.trimtab.kube.ResourceWatch;
import dev.trimtab.lifecycle.Child;
import dev.trimtab.lifecycle.ChildKind;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Stoppable;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.cache.ReducedStateItemStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Watches what a stopped service may still have: pods and Deployments with KServe's labels, and Knative Services. An event names the
 * service to requeue, and nothing more: what is deleted is read anew. ReplicaSets and StatefulSets are not watched, since
 * they hold nothing without pods. Of each object its labels, owners and finalizers stay in memory.
 */
public final class ChildWatches implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final KubernetesClient client;
    private final Predicate<ServiceRef> isStopped;
    private final Consumer<ServiceRef> requeue;
    private final List<ResourceWatch<GenericKubernetesResource>> watches = new ArrayList<>();

    /**
     * @param isStopped asked at each event: most are about services that run
     * @param requeue with each service of which something has changed
     */
    public ChildWatches(KubernetesClient client, Predicate<ServiceRef> isStopped, Consumer<ServiceRef> requeue) {
        this.client = client;
        this.isStopped = isStopped;
        this.requeue = requeue;
        for (Stoppable kind : Stoppable.values()) {
            watches.add(watch(Kinds.POD, kind.selector(), "pods of %ss".formatted(kind.kindName())));
            watches.add(watch(Kinds.DEPLOYMENT, kind.selector(), "Deployments of %ss".formatted(kind.kindName())));
        }
        // Those of InferenceGraphs have no label before KServe 0.16.
        watches.add(watch(Kinds.of(ChildKind.KNATIVE_SERVICE), "", "Knative Services"));
    }

    public void start() {
        watches.forEach(ResourceWatch::start);
    }

    /** Whether no kind is refused by RBAC. A kind that the cluster does not have needs no watch. */
    public boolean isAllowed() {
        return watches.stream().noneMatch(ResourceWatch::isRefused);
    }

    private ResourceWatch<GenericKubernetesResource> watch(RawClient.Kind kind, String selector, String title) {
        var all = client.genericKubernetesResources(kind.definition()).inAnyNamespace();
        return new ResourceWatch<>(
                selector.isEmpty() ? all : all.withLabelSelector(selector),
                title,
                it -> it.getMetadata().getResourceVersion(),
                this::changed,
                this::changed,
                new ReducedStateItemStore<>(
                        ReducedStateItemStore.NAME_KEY_STATE,
                        GenericKubernetesResource.class,
                        client.getKubernetesSerialization(),
                        "metadata.labels",
                        "metadata.ownerReferences",
                        "metadata.finalizers"));
    }

    private void changed(GenericKubernetesResource object) {
        JsonNode json = JSON.valueToTree(object);
        // What is held has to be let go of at the start too: then the service is not among the stopped ones any more.
        boolean held = object.getFinalizers() != null && object.getFinalizers().contains(Child.FINALIZER);
        services(json).distinct().filter(it -> held || isStopped.test(it)).forEach(requeue);
    }

    private static Stream<ServiceRef> services(JsonNode object) {
        String namespace = object.at("/metadata/namespace").asText("");
        Optional<ServiceRef> owner = StopObserver.owner(object);
        Stream<ServiceRef> labelled = Stream.of(Stoppable.values()).flatMap(kind -> {
            String name = object.at("/metadata/labels").path(kind.nameLabel()).asText("");
            return name.isEmpty() ? Stream.of() : Stream.of(new ServiceRef(kind, namespace, name));
        });
        return Stream.concat(owner.stream(), labelled);
    }

    @Override
    public void close() {
        watches.forEach(ResourceWatch::close);
    }
}

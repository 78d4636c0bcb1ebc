package dev.trimtab.controller.stop;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kube.ResourceWatch;
import dev.trimtab.kube.ResourceWatch.Selection;
import dev.trimtab.lifecycle.Child;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Watches pods and Deployments with KServe's labels, and Knative Services. An event only requeues the service: each
 * reconcile reads the cluster again. ReplicaSets and StatefulSets are not watched, since they hold no GPUs without
 * pods. The labels, owners and finalizers of each object stay in memory.
 */
public final class ChildWatches implements AutoCloseable {
    private final KubernetesClient client;
    private final BiPredicate<ServiceRef, Boolean> awaitsEvents;
    private final Consumer<ServiceRef> requeue;
    private final List<ResourceWatch<?>> watches = new ArrayList<>();

    /** @param awaitsEvents whether events of a service matter, given whether the object is held; most services run */
    public ChildWatches(
            KubernetesClient client, BiPredicate<ServiceRef, Boolean> awaitsEvents, Consumer<ServiceRef> requeue) {
        this.client = client;
        this.awaitsEvents = awaitsEvents;
        this.requeue = requeue;
        for (Stoppable kind : Stoppable.values()) {
            watches.add(watch(
                    ResourceKind.POD, Selection.byLabels(kind.selector()), "pods of %ss".formatted(kind.kindName())));
            watches.add(watch(
                    ResourceKind.DEPLOYMENT,
                    Selection.byLabels(kind.selector()),
                    "Deployments of %ss".formatted(kind.kindName())));
        }
        // All of them: those of InferenceGraphs have no label before KServe 0.16.
        watches.add(watch(ResourceKind.KNATIVE_SERVICE, Selection.ALL, "Knative Services"));
    }

    public void start() {
        watches.forEach(ResourceWatch::start);
    }

    /** Whether RBAC refuses no kind. A kind that the cluster does not have needs no watch. */
    public boolean isAllowed() {
        return watches.stream().noneMatch(ResourceWatch::isRefused);
    }

    private ResourceWatch<?> watch(ResourceKind kind, Selection selection, String title) {
        return ResourceWatch.raw(
                client,
                kind,
                selection,
                title,
                this::changed,
                this::changed,
                "metadata.labels",
                "metadata.ownerReferences",
                "metadata.finalizers");
    }

    void changed(Manifest object) {
        boolean held = object.metadata().path("finalizers").toString().contains('"' + Child.FINALIZER + '"');
        services(object.root())
                .distinct()
                .filter(it -> awaitsEvents.test(it, held))
                .forEach(requeue);
    }

    private static Stream<ServiceRef> services(JsonNode object) {
        String namespace = object.at("/metadata/namespace").asText("");
        Optional<ServiceRef> owner = ServiceReader.owner(object);
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

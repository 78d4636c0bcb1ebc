package dev.trimtab.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.Revision;
import dev.trimtab.kserve.Model;
import dev.trimtab.lifecycle.KnownService;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.review.Settings;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.fabric8.kubernetes.client.informers.cache.ReducedStateItemStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Follows what runs, Knative's Revisions, and what it is run for, KServe's InferenceServices and InferenceGraphs. */
@ApplicationScoped
public class Workloads {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final ResourceDefinitionContext REVISIONS = new ResourceDefinitionContext.Builder()
            .withGroup("serving.knative.dev")
            .withVersion("v1")
            .withKind("Revision")
            .withPlural("revisions")
            .withNamespaced(true)
            .build();

    private final CurrentSettings settings;

    Workloads(CurrentSettings settings) {
        this.settings = settings;
    }

    List<Watch> watches(KubernetesClient client) {
        return List.of(
                new KindWatch<>(
                        client.genericKubernetesResources(REVISIONS).inAnyNamespace(),
                        "Knative's Revisions",
                        it -> it.getMetadata().getResourceVersion(),
                        this::takeRevision,
                        this::forgetRevision,
                        // Which Service it was of, when it is gone.
                        store(client, "metadata.labels")),
                services(client, Stoppable.INFERENCE_SERVICE, this::takeInferenceService, this::forgetInferenceService),
                services(client, Stoppable.INFERENCE_GRAPH, this::takeInferenceGraph, this::forgetInferenceGraph));
    }

    /** How the client asks for services of a kind. */
    public static ResourceDefinitionContext definition(Stoppable kind) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(Stoppable.GROUP)
                .withVersion(kind.version())
                .withKind(kind.kindName())
                .withPlural(kind.plural())
                .withNamespaced(true)
                .build();
    }

    private static Watch services(
            KubernetesClient client,
            Stoppable kind,
            Consumer<GenericKubernetesResource> onChange,
            Consumer<GenericKubernetesResource> onGone) {
        return new KindWatch<>(
                client.genericKubernetesResources(definition(kind)).inAnyNamespace(),
                "KServe's " + kind.kindName() + "s",
                it -> it.getMetadata().getResourceVersion(),
                onChange,
                onGone,
                store(client));
    }

    /** Keeps the name and a few fields: what a review needs is in the snapshot, and thousands of pod specs are not. */
    private static ItemStore<GenericKubernetesResource> store(KubernetesClient client, String... fields) {
        return new ReducedStateItemStore<>(
                ReducedStateItemStore.NAME_KEY_STATE,
                GenericKubernetesResource.class,
                client.getKubernetesSerialization(),
                fields);
    }

    private void takeRevision(GenericKubernetesResource object) {
        String namespace = object.getMetadata().getNamespace();
        Revision.of(json(object))
                .ifPresent(
                        revision -> settings.change(it -> it.withRevisions(known -> known.with(namespace, revision))));
    }

    private void forgetRevision(GenericKubernetesResource object) {
        ObjectMeta metadata = object.getMetadata();
        String service =
                Optional.ofNullable(metadata.getLabels()).orElse(Map.of()).getOrDefault(Revision.SERVICE, "");
        settings.change(
                it -> it.withRevisions(known -> known.without(metadata.getNamespace(), service, metadata.getName())));
    }

    private void takeInferenceService(GenericKubernetesResource object) {
        ObjectMeta metadata = object.getMetadata();
        Manifest manifest = new Manifest(json(object));
        Model model = Model.of(manifest);
        KnownService service = KnownService.of(Stoppable.INFERENCE_SERVICE, manifest);
        settings.change(it -> with(Stoppable.INFERENCE_SERVICE, metadata, service, it)
                .withModels(known -> known.with(metadata.getNamespace(), metadata.getName(), model)));
    }

    private void forgetInferenceService(GenericKubernetesResource object) {
        ObjectMeta metadata = object.getMetadata();
        settings.change(it -> without(Stoppable.INFERENCE_SERVICE, metadata, it)
                .withModels(known -> known.without(metadata.getNamespace(), metadata.getName())));
    }

    private void takeInferenceGraph(GenericKubernetesResource object) {
        KnownService service = KnownService.of(Stoppable.INFERENCE_GRAPH, new Manifest(json(object)));
        settings.change(it -> with(Stoppable.INFERENCE_GRAPH, object.getMetadata(), service, it));
    }

    private void forgetInferenceGraph(GenericKubernetesResource object) {
        settings.change(it -> without(Stoppable.INFERENCE_GRAPH, object.getMetadata(), it));
    }

    private static Settings with(Stoppable kind, ObjectMeta metadata, KnownService service, Settings settings) {
        return settings.withServices(known -> known.with(kind, metadata.getNamespace(), metadata.getName(), service));
    }

    private static Settings without(Stoppable kind, ObjectMeta metadata, Settings settings) {
        return settings.withServices(known -> known.without(kind, metadata.getNamespace(), metadata.getName()));
    }

    private static ObjectNode json(GenericKubernetesResource object) {
        return JSON.valueToTree(object);
    }
}

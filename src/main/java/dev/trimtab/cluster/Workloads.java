package dev.trimtab.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.Revision;
import dev.trimtab.kserve.Model;
import dev.trimtab.manifest.Manifest;
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

/** Follows what runs, Knative's Revisions, and what it serves, KServe's InferenceServices. */
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

    private static final ResourceDefinitionContext INFERENCE_SERVICES = new ResourceDefinitionContext.Builder()
            .withGroup("serving.kserve.io")
            .withVersion("v1beta1")
            .withKind("InferenceService")
            .withPlural("inferenceservices")
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
                new KindWatch<>(
                        client.genericKubernetesResources(INFERENCE_SERVICES).inAnyNamespace(),
                        "KServe's InferenceServices",
                        it -> it.getMetadata().getResourceVersion(),
                        this::takeInferenceService,
                        this::forgetInferenceService,
                        store(client)));
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
        Model model = Model.of(new Manifest(json(object)));
        settings.change(it -> it.withModels(known -> known.with(metadata.getNamespace(), metadata.getName(), model)));
    }

    private void forgetInferenceService(GenericKubernetesResource object) {
        ObjectMeta metadata = object.getMetadata();
        settings.change(it -> it.withModels(known -> known.without(metadata.getNamespace(), metadata.getName())));
    }

    private static ObjectNode json(GenericKubernetesResource object) {
        return JSON.valueToTree(object);
    }
}

package dev.trimtab.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.cache.ReducedStateItemStore;
import java.util.function.Consumer;

/** A kind whose objects are read as raw JSON, and not kept. */
record RawKind(String group, String version, String kindName, String plural, boolean namespaced) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static RawKind namespaced(String group, String version, String kindName, String plural) {
        return new RawKind(group, version, kindName, plural, true);
    }

    static RawKind ofCluster(String group, String version, String kindName, String plural) {
        return new RawKind(group, version, kindName, plural, false);
    }

    /**
     * All of them.
     *
     * @param title what the log calls them
     */
    Watch watch(
            KubernetesClient client,
            String title,
            Consumer<GenericKubernetesResource> onChange,
            Consumer<GenericKubernetesResource> onGone) {
        return watch(client, client.genericKubernetesResources(definition()).inAnyNamespace(), title, onChange, onGone);
    }

    /** The one of a name, on the cluster as a whole. */
    Watch watch(
            KubernetesClient client,
            String name,
            String title,
            Consumer<GenericKubernetesResource> onChange,
            Consumer<GenericKubernetesResource> onGone) {
        return watch(
                client,
                client.genericKubernetesResources(definition()).withField("metadata.name", name),
                title,
                onChange,
                onGone);
    }

    /** With its kind, which the API server leaves out of the items of a list. */
    Manifest manifest(GenericKubernetesResource object) {
        ObjectNode json = JSON.valueToTree(object);
        json.put("apiVersion", group.isEmpty() ? version : group + "/" + version);
        json.put("kind", kindName);
        return new Manifest(json);
    }

    private static Watch watch(
            KubernetesClient client,
            Informable<GenericKubernetesResource> objects,
            String title,
            Consumer<GenericKubernetesResource> onChange,
            Consumer<GenericKubernetesResource> onGone) {
        return new KindWatch<>(
                objects,
                title,
                it -> it.getMetadata().getResourceVersion(),
                onChange,
                onGone,
                new ReducedStateItemStore<>(
                        ReducedStateItemStore.NAME_KEY_STATE,
                        GenericKubernetesResource.class,
                        client.getKubernetesSerialization()));
    }

    private ResourceDefinitionContext definition() {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kindName)
                .withPlural(plural)
                .withNamespaced(namespaced)
                .build();
    }
}

package dev.trimtab.cluster;

import dev.trimtab.kube.ResourceWatch;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Watches ConfigMaps. A write that leaves their data unchanged is not reported as a change. */
public final class ConfigMaps {
    private ConfigMaps() {}

    public static ResourceWatch<ConfigMap> one(
            KubernetesClient client,
            String namespace,
            String name,
            Consumer<ConfigMap> onChange,
            Consumer<ConfigMap> onGone) {
        return new ResourceWatch<>(
                client.configMaps().inNamespace(namespace).withField("metadata.name", name),
                "ConfigMap %s/%s".formatted(namespace, name),
                ConfigMaps::data,
                onChange,
                onGone,
                new BasicItemStore<>(Cache::metaNamespaceKeyFunc));
    }

    static ResourceWatch<ConfigMap> all(
            KubernetesClient client, String name, Consumer<ConfigMap> onChange, Consumer<ConfigMap> onGone) {
        return new ResourceWatch<>(
                client.configMaps().inAnyNamespace().withField("metadata.name", name),
                "ConfigMaps %s of namespaces".formatted(name),
                ConfigMaps::data,
                onChange,
                onGone,
                new BasicItemStore<>(Cache::metaNamespaceKeyFunc));
    }

    static Map<String, String> data(ConfigMap map) {
        return Optional.ofNullable(map.getData()).orElse(Map.of());
    }
}

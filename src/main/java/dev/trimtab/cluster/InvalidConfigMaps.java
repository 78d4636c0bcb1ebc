package dev.trimtab.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Policy;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** ConfigMaps that are invalid now, and the consequence of each. The leader posts Events about them. */
@ApplicationScoped
public class InvalidConfigMaps {
    private static final KubernetesSerialization JSON = new KubernetesSerialization();

    private final TrimtabConfig config;
    private final Map<String, Invalid> byNamespace = new ConcurrentHashMap<>();

    /** @param message what is in force instead, and why */
    public record Invalid(Manifest map, String message) {}

    InvalidConfigMaps(TrimtabConfig config) {
        this.config = config;
    }

    void add(ConfigMap map, String message) {
        Manifest read = new Manifest(JSON.convertValue(map, ObjectNode.class));
        byNamespace.put(map.getMetadata().getNamespace(), new Invalid(read, message));
    }

    void remove(String namespace) {
        byNamespace.remove(namespace);
    }

    /** Returns those that matter. Profiles of a namespace matter only if the policy allows them. */
    public List<Invalid> under(Policy policy) {
        return byNamespace.entrySet().stream()
                .filter(it -> policy.namespaceProfiles() || it.getKey().equals(config.namespace()))
                .map(Map.Entry::getValue)
                .toList();
    }
}

package dev.trimtab.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Watches one ConfigMap by name, through whatever happens to the API server. A ConfigMap that goes away changes
 * nothing: Knative does the same with its own, and half a roll-out of a chart must not switch a policy off.
 */
final class ConfigMapWatch implements ResourceEventHandler<ConfigMap>, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ConfigMapWatch.class);

    private final String place;
    private final Consumer<ConfigMap> onChange;
    private final SharedIndexInformer<ConfigMap> informer;

    ConfigMapWatch(KubernetesClient client, String namespace, String name, Consumer<ConfigMap> onChange) {
        this.place = namespace + "/" + name;
        this.onChange = onChange;
        this.informer = client.configMaps()
                .inNamespace(namespace)
                .withName(name)
                .runnableInformer(0)
                .exceptionHandler((started, problem) -> {
                    LOG.warnf("cannot watch ConfigMap %s, trying again: %s", place, problem.getMessage());
                    return true;
                })
                .addEventHandler(this);
    }

    /** Done when the ConfigMap, or that there is none, has been seen for the first time. */
    CompletionStage<Void> start() {
        return informer.start();
    }

    static Map<String, String> data(ConfigMap map) {
        return Optional.ofNullable(map.getData()).orElse(Map.of());
    }

    @Override
    public void onAdd(ConfigMap added) {
        take(added);
    }

    @Override
    public void onUpdate(ConfigMap before, ConfigMap now) {
        if (!data(before).equals(data(now))) {
            take(now);
        }
    }

    @Override
    public void onDelete(ConfigMap gone, boolean finalStateUnknown) {
        LOG.warnf("ConfigMap %s was deleted: what it said stays in force until a restart", place);
    }

    @Override
    public void close() {
        informer.close();
    }

    private void take(ConfigMap map) {
        try {
            onChange.accept(map);
        } catch (RuntimeException bug) {
            LOG.errorf(bug, "cannot take ConfigMap %s, the last good one stays", place);
        }
    }
}

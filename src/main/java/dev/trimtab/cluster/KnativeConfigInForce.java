package dev.trimtab.cluster;

import dev.trimtab.knative.config.ConfigMapProblem;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kube.ResourceWatch;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Takes Knative's ConfigMaps as Knative does: each as a whole or not at all. If one is invalid, the last good one
 * stays. If one does not exist, Knative's own defaults apply.
 */
@ApplicationScoped
public class KnativeConfigInForce {
    private static final Logger LOG = Logger.getLogger(KnativeConfigInForce.class);

    private final CurrentSettings settings;

    KnativeConfigInForce(CurrentSettings settings) {
        this.settings = settings;
    }

    List<ResourceWatch<?>> watches(KubernetesClient client, String namespace) {
        return KnativeConfig.CONFIG_MAPS.stream()
                .<ResourceWatch<?>>map(name -> ConfigMaps.one(
                        client,
                        namespace,
                        name,
                        map -> offer(name, ConfigMaps.data(map)),
                        // Knative keeps the values of a deleted ConfigMap, and half a roll-out of a chart must switch
                        // nothing off.
                        gone -> LOG.warnf("Knative's %s was deleted: what it said stays until a restart", name)))
                .toList();
    }

    void offer(String name, Map<String, String> data) {
        settings.change(current -> {
            try {
                KnativeConfig changed = current.knative().withConfigMap(name, data);
                if (!changed.equals(current.knative())) {
                    LOG.infof("Knative's %s is in force as changed", name);
                }
                return current.withKnative(changed);
            } catch (ConfigMapProblem problem) {
                LOG.errorf(
                        "Knative's %s is invalid, the last good one stays, as in Knative itself: %s",
                        name, problem.getMessage());
                return current;
            }
        });
    }
}

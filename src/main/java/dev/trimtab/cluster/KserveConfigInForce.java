package dev.trimtab.cluster;

import dev.trimtab.kserve.DeployConfig;
import dev.trimtab.kserve.DeployConfig.DeployConfigProblem;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.kube.ResourceWatch;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Follows KServe's default deployment mode, which applies to objects that name no mode. KServe reads its ConfigMap at
 * each reconcile. A ConfigMap that KServe would refuse changes nothing. A deleted one changes nothing either, as with
 * Knative's.
 */
@ApplicationScoped
public class KserveConfigInForce {
    private static final Logger LOG = Logger.getLogger(KserveConfigInForce.class);

    private final CurrentSettings settings;

    KserveConfigInForce(CurrentSettings settings) {
        this.settings = settings;
    }

    ResourceWatch<?> watch(KubernetesClient client, String namespace) {
        return ConfigMaps.one(
                client,
                namespace,
                DeployConfig.CONFIG_MAP,
                map -> offer(ConfigMaps.data(map)),
                gone -> LOG.warnf(
                        "KServe's %s was deleted: what it said stays until a restart", DeployConfig.CONFIG_MAP));
    }

    void offer(Map<String, String> data) {
        Optional<DeploymentMode> mode;
        try {
            mode = DeployConfig.defaultMode(data);
        } catch (DeployConfigProblem problem) {
            LOG.errorf(
                    "KServe's %s is invalid, and what it said before stays: %s",
                    DeployConfig.CONFIG_MAP, problem.getMessage());
            return;
        }
        settings.change(current -> {
            if (current.cluster().defaultMode().equals(mode)) {
                return current;
            }
            LOG.infof(
                    "KServe's default deployment mode is %s",
                    mode.map(DeploymentMode::toString).orElse("not set"));
            return current.withCluster(current.cluster().withDefaultMode(mode));
        });
    }
}

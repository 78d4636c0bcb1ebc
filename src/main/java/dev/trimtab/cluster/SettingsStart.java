package dev.trimtab.cluster;

import dev.trimtab.cluster.SettingsFiles.UnreadableFile;
import dev.trimtab.cluster.TrimtabConfig.ClusterMode;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.policy.PolicyState;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Decides at start whether policy and configuration come from a cluster, from files, or are built in. */
public class SettingsStart {
    private static final Logger LOG = Logger.getLogger(SettingsStart.class);

    private final TrimtabConfig config;
    private final CurrentSettings settings;
    private final PolicyInForce policy;
    private final KnativeConfigInForce knative;

    SettingsStart(TrimtabConfig config, CurrentSettings settings, PolicyInForce policy, KnativeConfigInForce knative) {
        this.config = config;
        this.settings = settings;
        this.policy = policy;
        this.knative = knative;
    }

    void start(
            @Observes StartupEvent start,
            Instance<KubernetesClient> client,
            ClusterWatch watch,
            Event<ClusterFound> found) {
        if (config.cluster() == ClusterMode.AUTO && hasCluster(client)) {
            LOG.infof("following the cluster at %s", client.get().getMasterUrl());
            watch.start(client.get());
            found.fire(new ClusterFound(client.get()));
            return;
        }
        config.policy().file().ifPresent(this::readPolicy);
        config.knative().files().orElse(List.of()).forEach(this::readKnative);
        config.kserve().file().ifPresent(this::readKserve);
        LOG.infof(
                "no cluster: policy=%s knative=%s",
                config.policy().file().map(Path::toString).orElse(policy.origin()),
                config.knative().files().map(Object::toString).orElse("Knative's defaults"));
        settings.markLoaded();
    }

    /** Without configuration, the client uses the API server's name inside a cluster. That counts only in a pod. */
    private static boolean hasCluster(Instance<KubernetesClient> client) {
        String fallback = Config.DEFAULT_MASTER_URL;
        boolean found = !client.get().getConfiguration().getMasterUrl().startsWith(fallback);
        return found || System.getenv("KUBERNETES_SERVICE_HOST") != null;
    }

    private void readPolicy(Path file) {
        try {
            policy.take(PolicyState.of(SettingsFiles.policy(file)), file.toString());
        } catch (UnreadableFile problem) {
            policy.take(PolicyState.invalid(List.of(problem.getMessage())), file.toString());
        }
    }

    private void readKserve(Path file) {
        try {
            Optional<DeploymentMode> mode = KserveFiles.defaultMode(file);
            settings.change(current -> current.withCluster(current.cluster().withDefaultMode(mode)));
        } catch (UnreadableFile problem) {
            LOG.errorf("KServe's configuration is not read: %s", problem.getMessage());
        }
    }

    private void readKnative(Path file) {
        try {
            for (Map.Entry<String, Map<String, String>> map :
                    KnativeFiles.configMaps(file).entrySet()) {
                knative.offer(map.getKey(), map.getValue());
            }
        } catch (UnreadableFile problem) {
            LOG.errorf("Knative's configuration is not read: %s", problem.getMessage());
        }
    }

    /** Fired at start if Trimtab follows a cluster. */
    public record ClusterFound(KubernetesClient client) {}
}

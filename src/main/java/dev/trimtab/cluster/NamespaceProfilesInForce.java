package dev.trimtab.cluster;

import dev.trimtab.kube.ResourceWatch;
import dev.trimtab.policy.PolicyLoader.LoadedProfiles;
import dev.trimtab.policy.PolicyProblem;
import dev.trimtab.review.PolicyReview;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Takes the profiles of namespaces from ConfigMaps with the same name as the policy's. What is in force depends only on
 * the present content of the ConfigMap, as with the policy itself.
 */
@ApplicationScoped
public class NamespaceProfilesInForce {
    private static final Logger LOG = Logger.getLogger(NamespaceProfilesInForce.class);

    private final TrimtabConfig config;
    private final CurrentSettings settings;
    private final InvalidConfigMaps invalid;

    NamespaceProfilesInForce(TrimtabConfig config, CurrentSettings settings, InvalidConfigMaps invalid) {
        this.config = config;
        this.settings = settings;
        this.invalid = invalid;
    }

    ResourceWatch<?> watch(KubernetesClient client) {
        return ConfigMaps.all(client, PolicyReview.CONFIG_MAP, this::take, this::withdraw);
    }

    void take(ConfigMap map) {
        String namespace = map.getMetadata().getNamespace();
        if (isPolicy(namespace)) {
            return;
        }
        LoadedProfiles loaded = LoadedProfiles.of(ConfigMaps.data(map));
        settings.change(it -> it.withNamespaceProfiles(namespace, loaded));
        String allowed = settings.policy().namespaceProfiles() ? "" : "; the policy does not allow them";
        if (loaded.problems().isEmpty()) {
            invalid.remove(namespace);
            LOG.infof("%d profiles of namespace %s loaded%s", loaded.profiles().size(), namespace, allowed);
        } else {
            String why = loaded.problems().stream().map(PolicyProblem::toString).collect(Collectors.joining("\n"));
            invalid.add(map, "nothing new is filled in this namespace until it is mended: " + why);
            LOG.errorf(
                    "profiles of namespace %s are invalid, nothing new is filled there until they are mended%s: %s",
                    namespace, allowed, why.replace("\n", "; "));
        }
    }

    void withdraw(ConfigMap map) {
        String namespace = map.getMetadata().getNamespace();
        if (isPolicy(namespace)) {
            return;
        }
        settings.change(it -> it.withNamespaceProfiles(namespace, LoadedProfiles.NONE));
        invalid.remove(namespace);
        LOG.infof("namespace %s has no profiles any more", namespace);
    }

    /** The policy's ConfigMap has the same name, but a watch of its own. */
    private boolean isPolicy(String namespace) {
        return namespace.equals(config.namespace());
    }
}

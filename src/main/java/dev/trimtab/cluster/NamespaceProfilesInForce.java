package dev.trimtab.cluster;

import dev.trimtab.policy.LoadedProfiles;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.policy.PolicyProblem;
import dev.trimtab.review.PolicyReview;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Takes the profiles that namespaces have for themselves, in ConfigMaps of the same name as the policy's. An invalid one
 * leaves the last good one of its namespace. One that is deleted is out of force, unlike the policy itself: there is no
 * other way to say that a namespace wants none.
 */
@ApplicationScoped
public class NamespaceProfilesInForce {
    private static final Logger LOG = Logger.getLogger(NamespaceProfilesInForce.class);

    private final TrimtabConfig config;
    private final CurrentSettings settings;

    NamespaceProfilesInForce(TrimtabConfig config, CurrentSettings settings) {
        this.config = config;
        this.settings = settings;
    }

    Watch watch(KubernetesClient client, PolicyEvents events) {
        return new KindWatch<>(
                client.configMaps().inAnyNamespace().withField("metadata.name", PolicyReview.CONFIG_MAP),
                "ConfigMaps " + PolicyReview.CONFIG_MAP,
                NamedWatch::data,
                map -> offer(map, events),
                this::withdraw,
                new BasicItemStore<>(Cache::metaNamespaceKeyFunc));
    }

    private void offer(ConfigMap map, PolicyEvents events) {
        String namespace = map.getMetadata().getNamespace();
        if (isPolicy(namespace)) {
            return;
        }
        String text = NamedWatch.data(map).get(PolicyReview.KEY);
        if (text == null) {
            reject(map, "data has no key \"%s\"".formatted(PolicyReview.KEY), events);
            return;
        }
        LoadedProfiles loaded = PolicyLoader.loadProfiles(text);
        if (!loaded.problems().isEmpty()) {
            List<PolicyProblem> problems = loaded.problems();
            reject(map, problems.stream().map(PolicyProblem::toString).collect(Collectors.joining("\n")), events);
            return;
        }
        settings.change(it -> it.withNamespaceProfiles(namespace, loaded.profiles()));
        LOG.infof(
                "%d profiles of namespace %s loaded%s",
                loaded.profiles().size(),
                namespace,
                settings.policy().namespaceProfiles() ? "" : "; the policy does not allow them");
    }

    private void withdraw(ConfigMap map) {
        String namespace = map.getMetadata().getNamespace();
        if (isPolicy(namespace)) {
            return;
        }
        settings.change(it -> it.withNamespaceProfiles(namespace, List.of()));
        LOG.infof("namespace %s has no profiles any more", namespace);
    }

    /** The policy itself has the same name, and a watch of its own. */
    private boolean isPolicy(String namespace) {
        return namespace.equals(config.namespace());
    }

    private static void reject(ConfigMap map, String why, PolicyEvents events) {
        LOG.warnf(
                "profiles of namespace %s are invalid, its last good ones stay in force: %s",
                map.getMetadata().getNamespace(), why.replace("\n", "; "));
        events.invalid(map, "profiles stay", why);
    }
}

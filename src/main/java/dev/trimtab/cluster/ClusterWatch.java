package dev.trimtab.cluster;

import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.policy.PolicyProblem;
import dev.trimtab.review.PolicyReview;
import dev.trimtab.rules.ClusterFacts;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;

/** Follows the policy and Knative's configuration on a live cluster. */
@ApplicationScoped
public class ClusterWatch {
    private static final Logger LOG = Logger.getLogger(ClusterWatch.class);

    private final TrimtabConfig config;
    private final CurrentSettings settings;
    private final PolicyInForce policy;
    private final KnativeConfigInForce knative;
    private final NamespaceProfilesInForce profiles;
    private final Workloads workloads;
    private final Autoscaling autoscaling;
    private final List<Watch> watches = new ArrayList<>();

    ClusterWatch(
            TrimtabConfig config,
            CurrentSettings settings,
            PolicyInForce policy,
            KnativeConfigInForce knative,
            NamespaceProfilesInForce profiles,
            Workloads workloads,
            Autoscaling autoscaling) {
        this.config = config;
        this.settings = settings;
        this.policy = policy;
        this.knative = knative;
        this.profiles = profiles;
        this.workloads = workloads;
        this.autoscaling = autoscaling;
    }

    /**
     * Starts watching, and marks the settings as loaded once each ConfigMap has been seen or found missing, and each kind
     * listed or found missing.
     */
    void start(KubernetesClient client) {
        PolicyEvents events = new PolicyEvents(client);
        watch(client, config.namespace(), PolicyReview.CONFIG_MAP, map -> offer(map, events));
        String knativeNamespace = config.knative().namespace();
        for (String name : KnativeConfig.CONFIG_MAPS) {
            watch(client, knativeNamespace, name, map -> knative.offer(name, NamedWatch.data(map)));
        }
        watch(
                client,
                knativeNamespace,
                ClusterParts.PROGRESSIVE_ROLLOUT,
                map -> is(it -> it.withProgressiveRollout(true)));
        watchHpa(client, knativeNamespace);
        watches.add(profiles.watch(client, events));
        watches.addAll(workloads.watches(client));
        watches.addAll(autoscaling.watches(client));
        CompletableFuture<?>[] started =
                watches.stream().map(it -> it.start().toCompletableFuture()).toArray(CompletableFuture<?>[]::new);
        CompletableFuture<Void> unused = CompletableFuture.allOf(started).thenRun(() -> {
            settings.markLoaded();
            LOG.infof(
                    "policy and cluster configuration read: policy=%s/%s knative=%s",
                    config.namespace(),
                    PolicyReview.CONFIG_MAP,
                    config.knative().namespace());
        });
    }

    private void watch(KubernetesClient client, String namespace, String name, Consumer<ConfigMap> onChange) {
        Resource<ConfigMap> resource =
                client.configMaps().inNamespace(namespace).withName(name);
        watches.add(NamedWatch.configMap(resource, namespace + "/" + name, onChange));
    }

    private void watchHpa(KubernetesClient client, String namespace) {
        is(it -> it.withHpa(false));
        watches.add(new NamedWatch<>(
                client.apps().deployments().inNamespace(namespace).withName(ClusterParts.HPA),
                "Deployment " + namespace + "/" + ClusterParts.HPA,
                it -> true,
                it -> is(facts -> facts.withHpa(true)),
                () -> is(facts -> facts.withHpa(false))));
    }

    private void is(UnaryOperator<ClusterFacts> change) {
        settings.change(it -> it.withCluster(change.apply(it.cluster())));
    }

    private void offer(ConfigMap map, PolicyEvents events) {
        String place =
                map.getMetadata().getNamespace() + "/" + map.getMetadata().getName();
        String text = NamedWatch.data(map).get(PolicyReview.KEY);
        if (text == null) {
            String why = "data has no key \"%s\"".formatted(PolicyReview.KEY);
            policy.reject(place, why);
            events.invalid(map, "policy stays", why);
            return;
        }
        List<PolicyProblem> problems = policy.offer(text, place);
        if (!problems.isEmpty()) {
            events.invalid(
                    map,
                    "policy stays",
                    String.join(
                            "\n", problems.stream().map(PolicyProblem::toString).toList()));
        }
    }

    @PreDestroy
    void stop() {
        watches.forEach(Watch::close);
    }
}

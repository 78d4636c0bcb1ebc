package dev.trimtab.cluster;

import dev.trimtab.kube.ResourceWatch;
import dev.trimtab.rules.Facts.ClusterFacts;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;

/** Follows the policy, the configuration of Knative and KServe, and the workloads on a live cluster. */
@ApplicationScoped
public class ClusterWatch {
    private static final Logger LOG = Logger.getLogger(ClusterWatch.class);

    private final TrimtabConfig config;
    private final CurrentSettings settings;
    private final PolicyInForce policy;
    private final KnativeConfigInForce knative;
    private final KserveConfigInForce kserve;
    private final NamespaceProfilesInForce profiles;
    private final Workloads workloads;
    private final Autoscaling autoscaling;
    private final Set<ResourceWatch<?>> waiting = ConcurrentHashMap.newKeySet();
    private final Set<String> hpaAutoscalers = ConcurrentHashMap.newKeySet();
    private volatile List<ResourceWatch<?>> watches = List.of();

    ClusterWatch(
            TrimtabConfig config,
            CurrentSettings settings,
            PolicyInForce policy,
            KnativeConfigInForce knative,
            KserveConfigInForce kserve,
            NamespaceProfilesInForce profiles,
            Workloads workloads,
            Autoscaling autoscaling) {
        this.config = config;
        this.settings = settings;
        this.policy = policy;
        this.knative = knative;
        this.kserve = kserve;
        this.profiles = profiles;
        this.workloads = workloads;
        this.autoscaling = autoscaling;
    }

    /** Marks the settings as loaded once every watched object or kind has been read or found missing. */
    void start(KubernetesClient client) {
        List<ResourceWatch<?>> all =
                new ArrayList<>(knative.watches(client, config.knative().namespace()));
        all.add(kserve.watch(client, config.kserve().namespace()));
        all.add(policy.watch(client));
        all.add(profiles.watch(client));
        all.add(progressiveRollout(client));
        is(it -> it.withHpa(false));
        ClusterParts.HPA.forEach(name -> all.add(hpa(client, name)));
        all.addAll(workloads.watches(client));
        all.addAll(autoscaling.watches(client));
        watches = List.copyOf(all);
        waiting.addAll(watches);
        watches.forEach(watch -> {
            CompletionStage<Void> unused = watch.start().thenRun(() -> isSeen(watch));
        });
    }

    private void isSeen(ResourceWatch<?> watch) {
        waiting.remove(watch);
        if (waiting.isEmpty() && !settings.isLoaded()) {
            // What is left of the lists is collected before the first review, and the heap starts small.
            System.gc();
            settings.markLoaded();
            LOG.infof(
                    "policy and cluster configuration read: namespace=%s knative=%s policy=%s",
                    config.namespace(), config.knative().namespace(), policy.origin());
        }
    }

    /** Titles, as in the log, of the watches that have not reported yet. */
    List<String> waitingFor() {
        return waiting.stream().map(ResourceWatch::title).sorted().toList();
    }

    /** Titles of the watches whose objects the cluster does not have, or does not let Trimtab read. */
    List<String> missing() {
        return watches.stream()
                .filter(ResourceWatch::isMissing)
                .map(ResourceWatch::title)
                .sorted()
                .toList();
    }

    private ResourceWatch<?> progressiveRollout(KubernetesClient client) {
        return ConfigMaps.one(
                client,
                config.knative().namespace(),
                ClusterParts.PROGRESSIVE_ROLLOUT,
                there -> is(it -> it.withProgressiveRollout(true)),
                gone -> is(it -> it.withProgressiveRollout(false)));
    }

    private ResourceWatch<?> hpa(KubernetesClient client, String name) {
        String namespace = config.knative().namespace();
        return new ResourceWatch<>(
                client.apps().deployments().inNamespace(namespace).withField("metadata.name", name),
                "Deployment %s/%s".formatted(namespace, name),
                it -> true,
                there -> {
                    hpaAutoscalers.add(name);
                    is(it -> it.withHpa(true));
                },
                gone -> {
                    hpaAutoscalers.remove(name);
                    is(it -> it.withHpa(!hpaAutoscalers.isEmpty()));
                },
                new BasicItemStore<>(Cache::metaNamespaceKeyFunc));
    }

    private void is(UnaryOperator<ClusterFacts> change) {
        settings.change(it -> it.withCluster(change.apply(it.cluster())));
    }

    @PreDestroy
    void stop() {
        watches.forEach(ResourceWatch::close);
    }
}

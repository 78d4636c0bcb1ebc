package dev.trimtab.cluster;

import dev.trimtab.kube.ResourceWatch;
import dev.trimtab.policy.PolicyState;
import dev.trimtab.policy.PolicyState.Origin;
import dev.trimtab.review.PolicyReview;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** Puts the present policy of the ConfigMap or file in force, regardless of earlier ones: see {@link PolicyState}. */
@Startup
@ApplicationScoped
public class PolicyInForce {
    private static final Logger LOG = Logger.getLogger(PolicyInForce.class);

    private final TrimtabConfig config;
    private final CurrentSettings settings;
    private final InvalidConfigMaps invalid;
    private final MeterRegistry metrics;
    private final List<Gauge> gauges;
    private final MultiGauge info;
    private final Clock clock = Clock.systemUTC();
    private final AtomicLong loadedAt = new AtomicLong();
    private volatile PolicyState state = PolicyState.BUILT_IN;

    PolicyInForce(TrimtabConfig config, CurrentSettings settings, InvalidConfigMaps invalid, MeterRegistry metrics) {
        this.config = config;
        this.settings = settings;
        this.invalid = invalid;
        this.metrics = metrics;
        this.gauges = List.of(
                Gauge.builder("trimtab.policy.valid", this, it -> it.state.isValid() ? 1 : 0)
                        .description("0 if the policy is invalid, so that nothing new is filled; 1 otherwise,"
                                + " also without a policy, when the built-in defaults are in force")
                        .register(metrics),
                Gauge.builder("trimtab.policy.loaded.timestamp.seconds", loadedAt, AtomicLong::doubleValue)
                        .description(
                                "When the policy in force was loaded, in seconds since 1970; 0 for the built-in one")
                        .register(metrics));
        this.info = MultiGauge.builder("trimtab.policy.info")
                .description("1, with the policy in force in the labels: all replicas must have the same hash")
                .register(metrics);
        inform();
    }

    private void inform() {
        Tags tags = Tags.of(
                "hash",
                state.hash(),
                "origin",
                state.origin().term(),
                "mode",
                state.policy().mode().term());
        info.register(List.of(Row.of(tags, 1)), true);
    }

    /** Removes the gauges: the registry outlives an application that restarts in the same JVM. */
    @PreDestroy
    void stop() {
        gauges.forEach(metrics::remove);
        info.register(List.of(), true);
    }

    /** Not ready before the policy has been read: without the right to read it, the admins' intent is unknown. */
    ResourceWatch<?> watch(KubernetesClient client) {
        return ConfigMaps.one(client, config.namespace(), PolicyReview.CONFIG_MAP, this::take, this::withdraw)
                .needed();
    }

    String origin() {
        return state.origin().term();
    }

    /** To compare replicas. */
    String hash() {
        return state.hash();
    }

    /** @param source where the policy comes from, for the log */
    void take(PolicyState now, String source) {
        settings.change(it -> it.withPolicy(now.policy()));
        state = now;
        inform();
        loadedAt.set(now.origin() == Origin.LOADED ? clock.instant().getEpochSecond() : 0);
        switch (now.origin()) {
            case BUILT_IN -> LOG.infof("no policy (%s): the built-in defaults are in force", source);
            case LOADED ->
                LOG.infof(
                        "policy loaded: mode=%s conflicts=%s profiles=%d",
                        now.policy().mode().term(),
                        now.policy().conflicts().term(),
                        now.policy().profiles().size());
            case INVALID ->
                LOG.errorf(
                        "policy of %s is invalid, nothing new is filled until it is mended: %s",
                        source, String.join("; ", now.problems()));
        }
    }

    void take(ConfigMap map) {
        PolicyState now = PolicyState.of(Optional.of(ConfigMaps.data(map)));
        if (now.isValid()) {
            invalid.remove(config.namespace());
        } else {
            invalid.add(
                    map,
                    "mode Audit with the built-in defaults is in force until it is mended: "
                            + String.join("\n", now.problems()));
        }
        take(now, place());
    }

    void withdraw(ConfigMap gone) {
        invalid.remove(config.namespace());
        take(PolicyState.BUILT_IN, place() + " was deleted");
    }

    private String place() {
        return "ConfigMap %s/%s".formatted(config.namespace(), PolicyReview.CONFIG_MAP);
    }
}

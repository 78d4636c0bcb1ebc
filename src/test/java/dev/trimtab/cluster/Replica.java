package dev.trimtab.cluster;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** What one process of Trimtab keeps of a cluster, wired as the container wires it. */
final class Replica implements AutoCloseable {
    final CurrentSettings settings = new CurrentSettings();
    final MeterRegistry metrics = new SimpleMeterRegistry();
    final InvalidConfigMaps invalid;
    private final Autoscaling autoscaling = new Autoscaling(settings);
    private final ClusterWatch watch;
    private final LoadedReadiness readiness;

    Replica() {
        TrimtabConfig config = new SmallRyeConfigBuilder()
                .withMapping(TrimtabConfig.class)
                .build()
                .getConfigMapping(TrimtabConfig.class);
        invalid = new InvalidConfigMaps(config);
        PolicyInForce policy = new PolicyInForce(config, settings, invalid, metrics);
        watch = new ClusterWatch(
                config,
                settings,
                policy,
                new KnativeConfigInForce(settings),
                new KserveConfigInForce(settings),
                new NamespaceProfilesInForce(config, settings, invalid),
                new Workloads(settings),
                autoscaling);
        readiness = new LoadedReadiness(settings, policy, watch);
    }

    Replica follow(ScriptedCluster cluster) {
        watch.start(cluster.client());
        return this;
    }

    boolean isReady() {
        return readiness.call().getStatus() == HealthCheckResponse.Status.UP;
    }

    /** What readiness says besides up and down. */
    Map<String, Object> data() {
        return readiness.call().getData().orElse(Map.of());
    }

    double isPolicyValid() {
        return metrics.get("trimtab.policy.valid").gauge().value();
    }

    @Override
    public void close() {
        watch.stop();
        autoscaling.stop();
    }
}

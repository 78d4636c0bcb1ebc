package dev.trimtab.controller.leader;

import dev.trimtab.cluster.Autoscaling;
import dev.trimtab.cluster.CurrentSettings;
import dev.trimtab.cluster.InvalidConfigMaps;
import dev.trimtab.cluster.SettingsStart.ClusterFound;
import dev.trimtab.cluster.TrimtabConfig;
import dev.trimtab.cluster.TrimtabConfig.Certificates;
import dev.trimtab.controller.ControllerSettings;
import dev.trimtab.review.Reviewer;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Starts the controller if there is a cluster and {@code trimtab.controller.enabled} is true. */
@ApplicationScoped
public class ControllerStart {
    private static final Logger LOG = Logger.getLogger(ControllerStart.class);

    private final TrimtabConfig config;
    private final CurrentSettings current;
    private final Autoscaling autoscaling;
    private final InvalidConfigMaps invalid;
    private final MeterRegistry metrics;
    private Optional<LeaderTasks> controller = Optional.empty();

    ControllerStart(
            TrimtabConfig config,
            CurrentSettings current,
            Autoscaling autoscaling,
            InvalidConfigMaps invalid,
            MeterRegistry metrics) {
        this.config = config;
        this.current = current;
        this.autoscaling = autoscaling;
        this.invalid = invalid;
        this.metrics = metrics;
    }

    void start(@Observes ClusterFound found) {
        if (!config.controller().enabled()) {
            LOG.info("trimtab.controller.enabled is false: this replica carries out no stops");
            if (config.certificates() == Certificates.OWN) {
                LOG.warn("trimtab.certificates=own does nothing here: the controller issues certificates");
            }
            return;
        }
        Set<String> excluded = Reviewer.platformNamespaces(
                config.namespace(),
                config.knative().namespace(),
                config.kserve().namespace());
        // current.get() throws as long as the policy is not read. The reconcile is then tried again.
        ControllerSettings settings = new ControllerSettings(
                () -> current.get().policy(),
                () -> current.get().knative(),
                autoscaling::whole,
                () -> current.get().defaultMode(),
                (kind, mode) -> current.get().isStopNative(kind, mode),
                () -> invalid.under(current.get().policy()),
                current::get,
                excluded);
        controller = Optional.of(new LeaderTasks(
                found.client(),
                settings,
                metrics,
                Clock.systemUTC(),
                config.namespace(),
                config.certificates() == Certificates.OWN,
                identity(),
                Leadership.Timing.DEFAULT));
        controller.get().start();
    }

    /** The name of the pod, and a random part that tells restarted containers apart. */
    private static String identity() {
        return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("trimtab") + "_" + UUID.randomUUID();
    }

    @PreDestroy
    void stop() {
        controller.ifPresent(LeaderTasks::close);
    }
}

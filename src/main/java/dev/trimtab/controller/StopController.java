package dev.trimtab.controller;

import dev.trimtab.cluster.Autoscaling;
import dev.trimtab.cluster.ClusterFound;
import dev.trimtab.cluster.CurrentSettings;
import dev.trimtab.cluster.InvalidConfigMaps;
import dev.trimtab.cluster.TrimtabConfig;
import dev.trimtab.review.Reviewer;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Puts the controller to work, where there is a cluster and {@code trimtab.controller.enabled} is true. */
@ApplicationScoped
public class StopController {
    private static final Logger LOG = Logger.getLogger(StopController.class);

    private final TrimtabConfig config;
    private final CurrentSettings settings;
    private final Autoscaling autoscaling;
    private final InvalidConfigMaps invalid;
    private final MeterRegistry metrics;
    private Optional<Controller> controller = Optional.empty();

    StopController(
            TrimtabConfig config,
            CurrentSettings settings,
            Autoscaling autoscaling,
            InvalidConfigMaps invalid,
            MeterRegistry metrics) {
        this.config = config;
        this.settings = settings;
        this.autoscaling = autoscaling;
        this.invalid = invalid;
        this.metrics = metrics;
    }

    void start(@Observes ClusterFound found) {
        if (!config.controller().enabled()) {
            LOG.info("trimtab.controller.enabled is false: this replica carries out no stops");
            return;
        }
        Set<String> excluded = new HashSet<>(Reviewer.PLATFORM_NAMESPACES);
        excluded.add(config.namespace());
        excluded.add(config.knative().namespace());
        excluded.add(config.kserve().namespace());
        // get() throws before the policy is read: a pass is then tried again.
        Rulebook rulebook = new Rulebook(
                () -> settings.get().policy(),
                () -> settings.get().knative(),
                autoscaling::whole,
                () -> settings.get().defaultMode(),
                (kind, mode) -> settings.get().isStopNative(kind, mode),
                () -> invalid.under(settings.get().policy()),
                excluded);
        controller = Optional.of(new Controller(
                found.client(),
                rulebook,
                metrics,
                Clock.systemUTC(),
                config.namespace(),
                identity(),
                Leadership.Timing.DEFAULT));
        controller.get().start();
    }

    /** The name of the pod, and what tells a container from the one that ran in it before. */
    private static String identity() {
        return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("trimtab") + "_" + UUID.randomUUID();
    }

    @PreDestroy
    void stop() {
        controller.ifPresent(Controller::close);
    }
}

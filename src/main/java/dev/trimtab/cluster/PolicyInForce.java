package dev.trimtab.cluster;

import dev.trimtab.policy.Policy;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.policy.PolicyProblem;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** Takes each policy that comes in: a valid one is in force from then on, an invalid one leaves the last good one. */
@Startup
@ApplicationScoped
public class PolicyInForce {
    private static final Logger LOG = Logger.getLogger(PolicyInForce.class);

    private final CurrentSettings settings;
    private final MeterRegistry metrics;
    private final List<Gauge> gauges;
    private final Clock clock = Clock.systemUTC();
    private final AtomicBoolean valid = new AtomicBoolean(true);
    private final AtomicLong loadedAt = new AtomicLong();

    PolicyInForce(CurrentSettings settings, MeterRegistry metrics) {
        this.settings = settings;
        this.metrics = metrics;
        this.gauges = List.of(
                Gauge.builder("trimtab.policy.valid", valid, it -> it.get() ? 1 : 0)
                        .description(
                                "1 if the newest policy is in force, 0 if it is invalid and the last good one stays")
                        .register(metrics),
                Gauge.builder("trimtab.policy.loaded.timestamp.seconds", loadedAt, AtomicLong::doubleValue)
                        .description(
                                "When the policy in force was loaded, in seconds since 1970; 0 for the built-in one")
                        .register(metrics));
    }

    /** The registry outlives the application when it is started anew in one JVM, and a gauge belongs to one of them. */
    @PreDestroy
    void stop() {
        gauges.forEach(metrics::remove);
    }

    /**
     * @param text the policy as YAML
     * @param source where it is from, for the log
     * @return the problems; empty if the policy is in force now
     */
    List<PolicyProblem> offer(String text, String source) {
        List<PolicyProblem> problems = load(text);
        if (!problems.isEmpty()) {
            reject(
                    source,
                    String.join(
                            "; ", problems.stream().map(PolicyProblem::toString).toList()));
        }
        return problems;
    }

    /** Says that there is no usable policy at a place, and leaves what is in force. */
    void reject(String source, String why) {
        valid.set(false);
        boolean builtIn = settings.policy().equals(Policy.BUILT_IN);
        LOG.errorf(
                "policy of %s is invalid, %s in force: %s",
                source, builtIn ? "the built-in defaults stay" : "the last good one stays", why);
    }

    private List<PolicyProblem> load(String text) {
        var loaded = PolicyLoader.load(text);
        loaded.policy().ifPresent(policy -> {
            settings.change(it -> it.withPolicy(policy));
            valid.set(true);
            loadedAt.set(clock.instant().getEpochSecond());
            LOG.infof(
                    "policy loaded: mode=%s conflicts=%s profiles=%d",
                    policy.mode().term(),
                    policy.conflicts().term(),
                    policy.profiles().size());
        });
        return loaded.problems();
    }
}

package dev.trimtab.webhook;

import dev.trimtab.cluster.TrimtabConfig;
import dev.trimtab.review.AutoscalerGuard;
import dev.trimtab.review.PolicyReview;
import dev.trimtab.review.Reviewer;
import dev.trimtab.review.ScheduleReview;
import dev.trimtab.review.StopGuard;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;

/** Provides the classes of the core as beans: the core itself does not depend on the container. */
@ApplicationScoped
public class ReviewBeans {
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");

    @Produces
    @Singleton
    Reviewer reviewer(TrimtabConfig config) {
        return new Reviewer(excluded(config));
    }

    @Produces
    @Singleton
    StopGuard stopGuard(TrimtabConfig config) {
        return new StopGuard(excluded(config));
    }

    @Produces
    @Singleton
    AutoscalerGuard autoscalerGuard(TrimtabConfig config) {
        return new AutoscalerGuard(excluded(config));
    }

    @Produces
    @Singleton
    PolicyReview policyReview(TrimtabConfig config) {
        return new PolicyReview(config.namespace());
    }

    @Produces
    @Singleton
    ScheduleReview scheduleReview() {
        return new ScheduleReview();
    }

    /**
     * Any caller that reaches the port can invent methods, and each would be a series of its own. Denied and not mapped to
     * one value: Micrometer 1.16 keeps an entry for each id that a filter maps.
     */
    @Produces
    @Singleton
    MeterFilter onlyKnownMethods() {
        return MeterFilter.deny(
                it -> it.getName().equals("http.server.requests") && !METHODS.contains(it.getTag("method")));
    }

    private static Set<String> excluded(TrimtabConfig config) {
        return Reviewer.platformNamespaces(
                config.namespace(),
                config.knative().namespace(),
                config.kserve().namespace());
    }
}

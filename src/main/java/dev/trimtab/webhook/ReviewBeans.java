package dev.trimtab.webhook;

import dev.trimtab.cluster.TrimtabConfig;
import dev.trimtab.review.AutoscalerGuard;
import dev.trimtab.review.PolicyReview;
import dev.trimtab.review.Reviewer;
import dev.trimtab.review.StopGuard;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;

/** Provides the classes of the core as beans: the core itself does not depend on the container. */
@ApplicationScoped
public class ReviewBeans {
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

    private static Set<String> excluded(TrimtabConfig config) {
        return Reviewer.platformNamespaces(
                config.namespace(),
                config.knative().namespace(),
                config.kserve().namespace());
    }
}

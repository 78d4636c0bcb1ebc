package dev.trimtab.webhook;

import dev.trimtab.cluster.TrimtabConfig;
import dev.trimtab.review.PolicyReview;
import dev.trimtab.review.Reviewer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.Set;

/** Makes the pure core known to the container; the core itself knows none. */
@ApplicationScoped
public class Reviewers {
    @Produces
    @Singleton
    Reviewer reviewer(TrimtabConfig config) {
        Set<String> excluded = new HashSet<>(Reviewer.PLATFORM_NAMESPACES);
        excluded.add(config.namespace());
        excluded.add(config.knative().namespace());
        return new Reviewer(excluded);
    }

    @Produces
    @Singleton
    PolicyReview policyReview(TrimtabConfig config) {
        return new PolicyReview(config.namespace());
    }
}

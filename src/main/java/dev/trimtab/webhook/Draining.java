package dev.trimtab.webhook;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Hands the API server over to the other replicas. From SIGTERM on this one is not ready, but answers for {@code
 * quarkus.shutdown.delay}. An API server keeps its connections to a webhook open, also to a pod that no Service lists any
 * more: each answer of that time says that its connection ends, so that the next review goes to another replica. Else
 * the review that meets the end of the process would be lost.
 */
@Singleton
public class Draining {
    private static final Logger LOG = Logger.getLogger(Draining.class);
    private static final int BEFORE_ALL_OTHERS = 10_000;

    private volatile boolean draining;

    void begin(@Observes ShutdownDelayInitiatedEvent end) {
        LOG.info("ending: not ready any more, and answering what still comes");
        draining = true;
    }

    void register(@Observes Filters filters) {
        filters.register(this::closeAfterwards, BEFORE_ALL_OTHERS);
    }

    private void closeAfterwards(RoutingContext context) {
        if (draining) {
            if (context.request().version() == HttpVersion.HTTP_2) {
                context.request().connection().shutdown();
            } else {
                context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
        }
        context.next();
    }
}

package dev.trimtab.webhook;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.jboss.logging.Logger;

/**
 * Sends clients to another replica before this one ends. The API server sends all its reviews over one open HTTP/2
 * connection, even to a pod that is no longer an endpoint of the Service. So when the process is told to end, it tells
 * each connection to close (GOAWAY, or {@code connection: close}). Reviews under way are answered. The next review
 * opens a new connection, which the Service leads to a remaining replica.
 */
@ApplicationScoped
public class Draining {
    private static final Logger LOG = Logger.getLogger(Draining.class);

    /** Weak references: closed connections disappear without a close handler, of which a connection has only one. */
    private final Set<HttpConnection> connections =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private volatile boolean ending;

    void follow(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).handler(this::pass);
    }

    private void pass(RoutingContext context) {
        boolean isOld = context.request().version() != HttpVersion.HTTP_2;
        if (isOld && ending) {
            context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        } else if (!isOld && connections.add(context.request().connection()) && ending) {
            end(context.request().connection());
        }
        context.next();
    }

    void begin(@Observes ShutdownDelayInitiatedEvent told) {
        ending = true;
        List<HttpConnection> open;
        synchronized (connections) {
            open = List.copyOf(connections);
        }
        LOG.infof(
                "told to end: not ready any more, reviews go on; sending %d connections to other replicas",
                open.size());
        open.forEach(Draining::end);
    }

    /**
     * Everything that the client has sent by then is answered, and the client closes the connection. Vert.x' own
     * shutdown names the last stream instead. That lost requests on their way: 3 of 16 concurrent reviews of a Go
     * client, as the API server is.
     */
    private static void end(HttpConnection connection) {
        HttpConnection unused = connection.goAway(0, Integer.MAX_VALUE);
    }
}

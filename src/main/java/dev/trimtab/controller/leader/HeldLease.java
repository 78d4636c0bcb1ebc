package dev.trimtab.controller.leader;

import dev.trimtab.kube.ApiProblem;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The Lease, and whether this process may count on it still. The elector says that it is lost when its last try has come
 * back: but without an answer the client tries again by itself, for more than a minute, and by then another one leads
 * (kubernetes-client 7.6, LeaderElector.renewWithTimeout and Config.requestRetryBackoffLimit).
 */
final class HeldLease extends LeaseLock {
    private static final Logger LOG = Logger.getLogger(HeldLease.class);

    private final Duration renew;
    private volatile Optional<Long> signed = Optional.empty();
    private String trouble = "";

    HeldLease(String namespace, String name, String identity, Duration renew) {
        super(namespace, name, identity);
        this.renew = renew;
    }

    /** Whether the API server has taken a sign of life so recently that nobody else has the Lease. */
    boolean isHeld() {
        return signed.filter(it -> System.nanoTime() - it < renew.toNanos()).isPresent();
    }

    @Override
    public synchronized LeaderElectionRecord get(KubernetesClient client) {
        try {
            LeaderElectionRecord found = super.get(client);
            trouble = "";
            return found;
        } catch (KubernetesClientException problem) {
            say(ApiProblem.cause(problem));
            throw problem;
        } catch (RuntimeException unreadable) {
            // Of any other exception the elector ends, and does not say so.
            throw new KubernetesClientException("cannot read " + describe(), unreadable);
        }
    }

    /** Once, and not at each of its tries: an expired token stays expired. */
    private void say(String what) {
        if (!what.equals(trouble)) {
            LOG.warnf("cannot read %s, so this process does not lead; trying again: %s", describe(), what);
        }
        trouble = what;
    }

    @Override
    public synchronized void create(KubernetesClient client, LeaderElectionRecord mine) {
        long now = System.nanoTime();
        super.create(client, mine);
        signed = Optional.of(now);
    }

    @Override
    public synchronized void update(KubernetesClient client, LeaderElectionRecord next) {
        boolean mine = identity().equals(next.getHolderIdentity());
        if (!mine) {
            // Given back: the next one may lead before the answer is here.
            signed = Optional.empty();
        }
        long now = System.nanoTime();
        super.update(client, next);
        if (mine) {
            signed = Optional.of(now);
        }
    }
}

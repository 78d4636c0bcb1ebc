package dev.trimtab.controller;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.Optional;

/**
 * The Lease, and whether this process may count on it still. The elector says that it is lost when its last try has come
 * back: but without an answer the client tries again by itself, for more than a minute, and by then another one leads
 * (kubernetes-client 7.6, LeaderElector.renewWithTimeout and Config.requestRetryBackoffLimit).
 */
final class HeldLease extends LeaseLock {
    private final Duration renew;
    private volatile Optional<Long> signed = Optional.empty();

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
            return super.get(client);
        } catch (KubernetesClientException problem) {
            throw problem;
        } catch (RuntimeException unreadable) {
            // Of any other exception the elector ends, and does not say so.
            throw new KubernetesClientException("cannot read " + describe(), unreadable);
        }
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

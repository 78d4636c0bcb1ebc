package dev.trimtab.controller.leader;

import dev.trimtab.kube.ApiProblem;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Takes part in the leader election, with a Lease, until it is closed. */
final class Leadership implements AutoCloseable {
    static final String LEASE = "trimtab-controller";

    private static final Logger LOG = Logger.getLogger(Leadership.class);

    private final KubernetesClient client;
    private final HeldLease lock;
    private final Timing timing;
    private final Runnable onStart;
    private final Runnable onStop;
    private CompletableFuture<?> round = CompletableFuture.completedFuture(null);
    private boolean closed;

    /**
     * The defaults are those of Kubernetes' own controllers (component-base, LeaderElectionConfiguration).
     *
     * @param lease time without a renewal after which another process may lead
     * @param renew how long the leader tries to renew before it gives up
     * @param retry time between two tries
     */
    record Timing(Duration lease, Duration renew, Duration retry) {
        static final Timing DEFAULT = new Timing(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
    }

    /** @param identity unique among all processes, also earlier ones */
    Leadership(
            KubernetesClient client,
            String namespace,
            String identity,
            Timing timing,
            Runnable onStart,
            Runnable onStop) {
        this.client = client;
        this.lock = new HeldLease(namespace, LEASE, identity, timing.renew());
        this.timing = timing;
        this.onStart = onStart;
        this.onStop = onStop;
    }

    /** False as soon as another process may lead, even before the elector notices. */
    boolean isHeld() {
        return lock.isHeld();
    }

    synchronized void start() {
        if (closed) {
            return;
        }
        round = client.leaderElector()
                .withConfig(new LeaderElectionConfigBuilder()
                        .withName(LEASE)
                        .withLock(lock)
                        .withLeaseDuration(timing.lease())
                        .withRenewDeadline(timing.renew())
                        .withRetryPeriod(timing.retry())
                        .withReleaseOnCancel(true)
                        .withLeaderCallbacks(new LeaderCallbacks(
                                onStart, onStop, leader -> LOG.infof("the controller that acts is %s", leader)))
                        .build())
                .build()
                .start();
        Executor later = CompletableFuture.delayedExecutor(timing.retry().toMillis(), TimeUnit.MILLISECONDS);
        CompletableFuture<Void> unused = round.handleAsync(
                (nothing, problem) -> {
                    start();
                    return null;
                },
                later);
    }

    /** Gives the Lease back, so that another process need not wait. */
    @Override
    public void close() {
        CompletableFuture<?> last;
        synchronized (this) {
            closed = true;
            last = round;
        }
        last.cancel(true);
    }

    /**
     * The Lease, and whether this process may still count on it. The elector reports the loss only after its last try
     * has returned. Without an answer the client repeats that try for more than a minute, and by then another process
     * leads (kubernetes-client 7.6, LeaderElector.renewWithTimeout and Config.requestRetryBackoffLimit).
     */
    static final class HeldLease extends LeaseLock {
        private static final Logger LOG = Logger.getLogger(HeldLease.class);

        private final Duration renew;
        private volatile Optional<Long> signed = Optional.empty();
        private String trouble = "";

        HeldLease(String namespace, String name, String identity, Duration renew) {
            super(namespace, name, identity);
            this.renew = renew;
        }

        /** Whether the last renewal is so recent that no other process has the Lease. */
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
                // On any other exception the elector ends silently.
                throw new KubernetesClientException("cannot read " + describe(), unreadable);
            }
        }

        /** Logs a problem once, not at each try: an expired token stays expired. */
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
                // The Lease is given back: another process may lead before the answer is here.
                signed = Optional.empty();
            }
            long now = System.nanoTime();
            super.update(client, next);
            if (mine) {
                signed = Optional.of(now);
            }
        }
    }
}

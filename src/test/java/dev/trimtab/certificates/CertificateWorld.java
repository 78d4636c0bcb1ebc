package dev.trimtab.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.certificates.Observed.Stored;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A cluster with two webhook configurations, two API servers that have a change of these some time later, two pods that have a
 * change of the Secret some time later, and two controllers that both believe to lead. Everything is in memory; the certificates are
 * real. After each event, whatever it is, each API server must trust what each pod serves.
 */
final class CertificateWorld {
    static final List<String> NAMES =
            List.of("trimtab-webhook.trimtab.svc", "trimtab-webhook.trimtab.svc.cluster.local");

    /** Kubelet and pod are quicker than the plan counts on, by the time that a write may take. */
    private static final Duration SLOWEST_MOUNT = Plan.MOUNT.minusMinutes(1);

    private static final Duration SLOWEST_API_SERVER = Plan.PROPAGATION.minusSeconds(5);
    private static final Issuer ISSUER = new Issuer(new SecureRandom());

    Instant now = Instant.parse("2026-11-30T12:00:00Z");
    final List<String> history = new ArrayList<>();
    private final Versions<Stored> authority = new Versions<>(new Stored.Absent());
    private Optional<Instant> trustedSince = Optional.empty();
    private final Versions<Stored> serving = new Versions<>(new Stored.Absent());
    private Set<X509Certificate> servingIssuer = Set.of();
    private final List<Versions<Set<X509Certificate>>> bundles =
            List.of(new Versions<>(Set.of()), new Versions<>(Set.of()));
    private final List<View<Set<X509Certificate>>> apiServers = new ArrayList<>();
    private final List<Pod> pods = List.of(new Pod(), new Pod());
    final List<Controller> controllers = List.of(new Controller(), new Controller());

    CertificateWorld() {
        for (int server = 0; server < 2; server++) {
            bundles.forEach(it -> apiServers.add(new View<>(it)));
        }
    }

    /** What was stored, and since when it is not the newest any more. */
    private final class Versions<T> {
        private final List<T> all = new ArrayList<>();
        private final List<Instant> replaced = new ArrayList<>();

        Versions(T first) {
            all.add(first);
        }

        T newest() {
            return all.get(all.size() - 1);
        }

        int version() {
            return all.size() - 1;
        }

        void store(T next) {
            all.add(next);
            replaced.add(now);
        }
    }

    /** A copy that follows. */
    private class View<T> {
        private final Versions<T> of;
        private int seen;

        View(Versions<T> of) {
            this.of = of;
        }

        T get() {
            return of.all.get(seen);
        }

        boolean isOverdue(Duration slowest) {
            return seen < of.version() && !of.replaced.get(seen).plus(slowest).isAfter(now);
        }

        void follow() {
            seen = of.version();
        }
    }

    /** Serves the last usable content of the Secret that it has seen. */
    private final class Pod extends View<Stored> {
        private Optional<TlsPair> served = Optional.empty();

        Pod() {
            super(serving);
        }

        @Override
        void follow() {
            super.follow();
            if (get() instanceof Stored.Sound sound) {
                served = Optional.of(sound.pair());
            }
        }
    }

    /** Reads and writes one object at a time, in the order of the reconciler, so that others come in between. */
    final class Controller {
        private int phase;
        private List<Integer> bundleVersions = List.of();
        private List<Set<X509Certificate>> readBundles = List.of();
        private int servingVersion;
        private Stored readServing = new Stored.Absent();
        private Set<X509Certificate> readIssuer = Set.of();
        private int authorityVersion;
        private Optional<Step.Trust> unfinished = Optional.empty();

        /** @return whether there is more to do */
        boolean act() {
            switch (phase++) {
                case 0 -> {
                    bundleVersions = bundles.stream().map(Versions::version).toList();
                    readBundles = bundles.stream().map(Versions::newest).toList();
                }
                case 1 -> {
                    servingVersion = serving.version();
                    readServing = serving.newest();
                    readIssuer = servingIssuer;
                }
                case 2 -> {
                    authorityVersion = authority.version();
                    Step step = new Plan(NAMES)
                            .next(
                                    new Observed(
                                            List.of(),
                                            authority.newest(),
                                            trustedSince,
                                            readServing,
                                            readIssuer,
                                            readBundles),
                                    now);
                    phase = step instanceof Step.Trust ? 3 : 0;
                    take(step);
                    return !(step instanceof Step.Wait);
                }
                default -> {
                    write(1, unfinished.orElseThrow());
                    phase = 0;
                }
            }
            return true;
        }

        private void take(Step step) {
            history.add(now + " " + step.getClass().getSimpleName());
            boolean authorityUnchanged = authority.version() == authorityVersion;
            boolean servingUnchanged = serving.version() == servingVersion;
            if (step instanceof Step.NewAuthority && authorityUnchanged) {
                authority.store(new Stored.Sound(ISSUER.authority(now)));
                trustedSince = Optional.empty();
            } else if (step instanceof Step.RenewAuthority renew && authorityUnchanged) {
                authority.store(new Stored.Sound(ISSUER.renewed(renew.authority(), now)));
            } else if (step instanceof Step.MarkTrusted && authorityUnchanged) {
                trustedSince = Optional.of(now);
            } else if (step instanceof Step.UnmarkTrusted && authorityUnchanged) {
                trustedSince = Optional.empty();
            } else if (step instanceof Step.IssueServing issue && servingUnchanged) {
                serving.store(new Stored.Sound(ISSUER.serving(issue.authority(), NAMES, now)));
                servingIssuer = Set.of(issue.authority().certificate());
            } else if (step instanceof Step.Trust trust) {
                unfinished = Optional.of(trust);
                write(0, trust);
            }
        }

        private void write(int configuration, Step.Trust trust) {
            if (bundles.get(configuration).version() == bundleVersions.get(configuration)
                    && !bundles.get(configuration).newest().equals(trust.authorities())) {
                bundles.get(configuration).store(trust.authorities());
            }
        }
    }

    /** As after an install some time ago. */
    void install(Duration ago) {
        now = now.minus(ago);
        authority.store(new Stored.Sound(ISSUER.authority(now)));
        now = now.plus(ago);
        settle();
        check();
    }

    void deleteAuthority() {
        authority.store(new Stored.Absent());
        trustedSince = Optional.empty();
    }

    void breakAuthority() {
        authority.store(new Stored.Broken("garbage"));
    }

    void deleteServing() {
        serving.store(new Stored.Absent());
        servingIssuer = Set.of();
    }

    void breakServing() {
        serving.store(new Stored.Broken("garbage"));
    }

    void followApiServer(int which) {
        apiServers.get(which).follow();
        check();
    }

    void followPod(int which) {
        pods.get(which).follow();
        check();
    }

    /** Nobody is later than the slowest: whoever would be follows now, one by one. */
    void pass(Duration time, Random order) {
        now = now.plus(time);
        List<View<?>> late = new ArrayList<>();
        apiServers.stream().filter(it -> it.isOverdue(SLOWEST_API_SERVER)).forEach(late::add);
        pods.stream().filter(it -> it.isOverdue(SLOWEST_MOUNT)).forEach(late::add);
        while (!late.isEmpty()) {
            late.remove(order.nextInt(late.size())).follow();
            check();
        }
    }

    /** Until nothing is left to do and everybody has followed. */
    void settle() {
        for (int round = 0; round < 4; round++) {
            for (Controller controller : controllers) {
                int acts = 0;
                while (controller.act()) {
                    assertThat(acts++).as("ends: %s", history).isLessThan(60);
                }
            }
            pass(round < 2 ? Plan.PROPAGATION : Plan.MOUNT, new Random(round));
        }
        controllers.forEach(it -> {
            while (it.act()) {
                check();
            }
        });
    }

    void check() {
        for (Pod pod : pods) {
            for (View<Set<X509Certificate>> apiServer : apiServers) {
                pod.served.ifPresent(it -> assertThat(isTrusted(it.certificate(), apiServer.get()))
                        .as("%s: trusted by API server %d; %s", now, apiServers.indexOf(apiServer), history)
                        .isTrue());
            }
        }
    }

    /** What must hold once everything is quiet. */
    void checkSettled() {
        TlsPair ca = ((Stored.Sound) authority.newest()).pair();
        TlsPair current = ((Stored.Sound) serving.newest()).pair();
        assertThat(bundles).allSatisfy(it -> assertThat(it.newest())
                .as("no CA of the past is trusted any more; %s", history)
                .containsExactly(ca.certificate()));
        assertThat(pods).allSatisfy(it -> assertThat(it.served).contains(current));
        assertThat(current.ends()).isAfter(now.plus(Plan.RENEW_SERVING));
        assertThat(ca.ends()).isAfter(now.plus(Plan.RENEW_AUTHORITY));
    }

    /** As Go's crypto/x509 decides: CAs that have ended count for nothing. */
    private boolean isTrusted(X509Certificate certificate, Set<X509Certificate> authorities) {
        Set<TrustAnchor> anchors = authorities.stream()
                .filter(it -> it.getNotAfter().toInstant().isAfter(now))
                .map(it -> new TrustAnchor(it, null))
                .collect(Collectors.toSet());
        if (anchors.isEmpty()) {
            return false;
        }
        try {
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            var path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate));
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
            return true;
        } catch (GeneralSecurityException untrusted) {
            return false;
        }
    }
}

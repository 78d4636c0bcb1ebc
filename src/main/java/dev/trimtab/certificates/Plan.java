package dev.trimtab.certificates;

import dev.trimtab.certificates.Observed.Stored;
import dev.trimtab.certificates.Observed.Stored.Absent;
import dev.trimtab.certificates.Observed.Stored.Broken;
import dev.trimtab.certificates.Observed.Stored.Sound;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Says which write comes next, from the stored objects and the time alone. At every moment, in whatever order the API
 * servers, the kubelets and the pods take the writes, the API servers trust what each pod serves:
 *
 * <ol>
 *   <li>A new CA is added to what is trusted.
 *   <li>After {@link #PROPAGATION}, it signs the serving certificate.
 *   <li>After {@link #MOUNT}, the old CA is no longer trusted.
 * </ol>
 *
 * <p>A renewal of the serving certificate or of the CA keeps the CA's key, so old and new certificates trust each other
 * and nothing waits. The key changes only if somebody deletes the CA's Secret, or if its content is unusable.
 */
public record Plan(List<String> names) {
    /** Each API server watches the webhook configurations, and has a change after moments. */
    public static final Duration PROPAGATION = Duration.ofSeconds(30);

    /**
     * Until a changed Secret is in every pod. The kubelet looks every 60 to 90 seconds, at a copy that may be a minute old
     * (ConfigMapAndSecretChangeDetectionStrategy: Cache), and Trimtab every 30 (quarkus.tls.webhook.reload-period).
     */
    public static final Duration MOUNT = Duration.ofMinutes(10);

    public static final Duration RENEW_SERVING = Duration.ofDays(30);

    /** Longer than {@link Issuer#SERVING_LIFE}: the CA beside a serving certificate is valid as long as that is. */
    public static final Duration RENEW_AUTHORITY = Duration.ofDays(365);

    public Step next(Observed now, Instant moment) {
        if (!now.strangers().isEmpty()) {
            return new Step.NotOurs(now.strangers());
        }
        Optional<String> unusable = unusable(now.authority(), moment);
        if (unusable.isPresent()) {
            return new Step.NewAuthority(unusable.get());
        }
        TlsPair authority = ((Sound) now.authority()).pair();
        if (isDue(authority, RENEW_AUTHORITY, moment)) {
            return new Step.RenewAuthority(authority);
        }
        Optional<TlsPair> serving = serving(now.serving(), authority);
        Instant mounted = serving.map(it -> issued(it).plus(MOUNT)).orElse(Instant.MAX);
        boolean everywhere = !mounted.isAfter(moment);
        Set<X509Certificate> wanted = wanted(now, authority, serving.isPresent(), everywhere);
        if (!now.bundles().stream().allMatch(wanted::equals)) {
            boolean lost = now.trustedSince().isPresent() && !now.isTrustedEverywhere(authority.certificate());
            return lost ? new Step.UnmarkTrusted() : new Step.Trust(wanted);
        }
        if (serving.isEmpty() || isDue(serving.get(), RENEW_SERVING, moment)) {
            return issue(now, authority, serving.isPresent(), moment);
        }
        Instant renewal = serving.get().ends().minus(RENEW_SERVING);
        return new Step.Wait(everywhere || renewal.isBefore(mounted) ? renewal : mounted);
    }

    /** Whether each API server trusts the CA by now. If nobody else is trusted, there is no working certificate to wait for. */
    private static Step issue(Observed now, TlsPair authority, boolean sameKey, Instant moment) {
        boolean alone = now.trusted().stream().allMatch(authority.certificate()::equals);
        if (!sameKey && !alone) {
            if (now.trustedSince().isEmpty()) {
                return new Step.MarkTrusted();
            }
            Instant trusted = now.trustedSince().get().plus(PROPAGATION);
            if (trusted.isAfter(moment)) {
                return new Step.Wait(trusted);
            }
        }
        return new Step.IssueServing(authority, now.serving() instanceof Broken broken ? broken.why() : "");
    }

    /** All that is trusted stays so until every pod serves what this CA has signed. */
    private static Set<X509Certificate> wanted(Observed now, TlsPair authority, boolean sameKey, boolean everywhere) {
        Set<X509Certificate> wanted = new LinkedHashSet<>(Set.of(authority.certificate()));
        if (!everywhere) {
            wanted.addAll(now.trusted());
        }
        if (!sameKey) {
            wanted.addAll(now.servingIssuer());
        }
        return wanted;
    }

    /** The stored serving certificate, if it is usable and this CA's. */
    private Optional<TlsPair> serving(Stored stored, TlsPair authority) {
        return stored instanceof Sound sound
                ? Optional.of(sound.pair()).filter(it -> it.isSignedBy(authority) && it.isFor(names))
                : Optional.empty();
    }

    /** Why the CA cannot sign: an empty text if there is none. Empty if it can. */
    private static Optional<String> unusable(Stored authority, Instant moment) {
        if (authority instanceof Absent) {
            return Optional.of("");
        }
        if (authority instanceof Broken broken) {
            return Optional.of(broken.why());
        }
        TlsPair pair = ((Sound) authority).pair();
        if (!pair.isAuthority()) {
            return Optional.of("tls.crt is not the certificate of a CA");
        }
        return pair.ends().isAfter(moment) ? Optional.empty() : Optional.of("expired at " + pair.ends());
    }

    private static boolean isDue(TlsPair pair, Duration before, Instant moment) {
        return !pair.ends().minus(before).isAfter(moment);
    }

    /** Read from the certificate, so that no second place can say something else. */
    private static Instant issued(TlsPair pair) {
        return pair.certificate().getNotBefore().toInstant().plus(Issuer.BACKDATED);
    }
}

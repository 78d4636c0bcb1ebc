package dev.trimtab.cli.doctor;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Certificates of a PEM text, in order.
 *
 * @param chain empty if the text holds none
 */
record Certificates(List<X509Certificate> chain) {
    /** Number of the type "DNS name" of a subject alternative name (RFC 5280). */
    private static final int DNS = 2;

    private static final Duration MONTH = Duration.ofDays(30);

    /** @param base64 of PEM, as Kubernetes keeps it; empty if it cannot be read */
    static Optional<Certificates> parse(String base64) {
        try {
            byte[] pem = Base64.getMimeDecoder().decode(base64);
            Collection<? extends java.security.cert.Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
            List<X509Certificate> chain = all.stream()
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .toList();
            return chain.isEmpty() ? Optional.empty() : Optional.of(new Certificates(chain));
        } catch (CertificateException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    X509Certificate leaf() {
        return chain.get(0);
    }

    /** The day from which none of them is valid any more, for a bundle. */
    Instant lastEnd() {
        return chain.stream()
                .map(it -> it.getNotAfter().toInstant())
                .max(Instant::compareTo)
                .orElseThrow();
    }

    Instant end() {
        return leaf().getNotAfter().toInstant();
    }

    /** Whether so little is left that its renewal has probably failed. cert-manager renews with a third left. */
    boolean endsSoon(Instant now) {
        Duration life = Duration.between(leaf().getNotBefore().toInstant(), end());
        Duration least = life.dividedBy(5).compareTo(MONTH) < 0 ? life.dividedBy(5) : MONTH;
        return Duration.between(now, end()).compareTo(least) < 0;
    }

    Set<String> dnsNames() {
        try {
            Collection<List<?>> names = leaf().getSubjectAlternativeNames();
            return names == null
                    ? Set.of()
                    : names.stream()
                            .filter(it -> it.get(0).equals(DNS))
                            .map(it -> String.valueOf(it.get(1)))
                            .collect(Collectors.toCollection(LinkedHashSet::new));
        } catch (CertificateException unreadable) {
            return Set.of();
        }
    }

    /** Whether a client that trusts the bundle trusts this chain, apart from its dates. */
    boolean isSignedBy(Certificates bundle) {
        if (bundle.chain().contains(leaf())) {
            return true;
        }
        try {
            PKIXParameters parameters = new PKIXParameters(
                    bundle.chain().stream().map(it -> new TrustAnchor(it, null)).collect(Collectors.toSet()));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(leaf().getNotBefore().toInstant().plusSeconds(1)));
            List<X509Certificate> path =
                    chain.stream().filter(it -> !bundle.chain().contains(it)).toList();
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
            return true;
        } catch (GeneralSecurityException untrusted) {
            return false;
        }
    }
}

package dev.trimtab.certificates;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A certificate and its private key, as a Secret of type {@code kubernetes.io/tls} holds them. */
public record TlsPair(X509Certificate certificate, PrivateKey key) {
    /** Signature algorithm for each kind of key that Trimtab, cert-manager and openssl make for a server. */
    private static final Map<String, String> SIGNATURES = Map.of("EC", "SHA256withECDSA", "RSA", "SHA256withRSA");

    private static final byte[] SAMPLE = {1, 2, 3};

    /** Type of a DNS name in subjectAltName (RFC 5280, GeneralName). */
    private static final int DNS_NAME = 2;

    /** @throws GeneralSecurityException with the reason, if the texts are not a certificate and its key */
    public static TlsPair read(String certificate, String key) throws GeneralSecurityException {
        Set<X509Certificate> certificates = Pems.certificates(certificate);
        if (certificates.isEmpty()) {
            throw new GeneralSecurityException("tls.crt is no certificate in PEM");
        }
        List<PrivateKey> keys = Pems.keys(key);
        if (keys.isEmpty()) {
            throw new GeneralSecurityException("tls.key is no private key in PEM (PKCS#8)");
        }
        TlsPair pair = new TlsPair(certificates.iterator().next(), keys.get(0));
        check(pair.key, pair.certificate);
        return pair;
    }

    /** @throws GeneralSecurityException if the key does not belong to the certificate */
    public static void check(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        String algorithm = Optional.ofNullable(SIGNATURES.get(key.getAlgorithm()))
                .orElseThrow(() -> new GeneralSecurityException("the key is neither EC nor RSA"));
        if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
            throw new GeneralSecurityException("the key is not that of the certificate");
        }
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(SAMPLE);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(SAMPLE);
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException("the key is not that of the certificate");
        }
    }

    public Instant ends() {
        return certificate.getNotAfter().toInstant();
    }

    boolean isAuthority() {
        return certificate.getBasicConstraints() >= 0;
    }

    /** Whether the key of the authority signed this certificate, also if the authority's certificate was renewed since. */
    boolean isSignedBy(TlsPair authority) {
        try {
            certificate.verify(authority.certificate.getPublicKey());
            return certificate.getIssuerX500Principal().equals(authority.certificate.getSubjectX500Principal());
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    /** Whether the certificate is for all of these DNS names. */
    boolean isFor(Collection<String> names) {
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            return alternatives != null
                    && names.stream().allMatch(name -> alternatives.contains(List.of(DNS_NAME, name)));
        } catch (CertificateParsingException unreadable) {
            return false;
        }
    }
}

package dev.trimtab.certificates;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.wildfly.security.x500.GeneralName;
import org.wildfly.security.x500.GeneralName.DNSName;
import org.wildfly.security.x500.GeneralName.IPAddress;
import org.wildfly.security.x500.cert.AuthorityKeyIdentifierExtension;
import org.wildfly.security.x500.cert.BasicConstraintsExtension;
import org.wildfly.security.x500.cert.ExtendedKeyUsageExtension;
import org.wildfly.security.x500.cert.KeyUsage;
import org.wildfly.security.x500.cert.KeyUsageExtension;
import org.wildfly.security.x500.cert.SubjectAlternativeNamesExtension;
import org.wildfly.security.x500.cert.SubjectKeyIdentifierExtension;
import org.wildfly.security.x500.cert.X509CertificateBuilder;
import org.wildfly.security.x500.cert.util.KeyUtil;

/**
 * Makes keys (ECDSA P-256) and signs certificates. The names are in subjectAltName, because Go's TLS, and so the API
 * server, reads no other field.
 */
public record Issuer(SecureRandom random) {
    public static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    public static final Duration SERVING_LIFE = Duration.ofDays(90);

    /** A certificate is valid this long before its issue, because the clocks of nodes differ. */
    static final Duration BACKDATED = Duration.ofHours(1);

    private static final X500Principal AUTHORITY = new X500Principal("CN=trimtab-webhook-ca");
    private static final X500Principal SERVER = new X500Principal("CN=trimtab-webhook");
    private static final X500Principal DEVELOPMENT = new X500Principal("CN=Trimtab development");
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final int SERIAL_BITS = 127;

    /** A CA with a new key. */
    public TlsPair authority(Instant now) {
        return authority(keys(), now);
    }

    /** The same CA, key and name, for another {@link #AUTHORITY_LIFE}. Old and new trust what the other one trusts. */
    public TlsPair renewed(TlsPair authority, Instant now) {
        return authority(new KeyPair(authority.certificate().getPublicKey(), authority.key()), now);
    }

    private TlsPair authority(KeyPair keys, Instant now) {
        X509CertificateBuilder builder = builder(AUTHORITY, keys, now, AUTHORITY_LIFE)
                .addExtension(new BasicConstraintsExtension(true, true, 0))
                .addExtension(new KeyUsageExtension(true, KeyUsage.keyCertSign, KeyUsage.cRLSign));
        return signed(builder, keys, keys.getPrivate(), AUTHORITY);
    }

    /** A certificate with a new key for a server with these DNS names. */
    public TlsPair serving(TlsPair authority, List<String> names, Instant now) {
        KeyPair keys = keys();
        X509CertificateBuilder builder = server(SERVER, keys, names.stream().map(DNSName::new), now)
                .addExtension(new AuthorityKeyIdentifierExtension(
                        KeyUtil.getKeyIdentifier(authority.certificate().getPublicKey()), null, null));
        return signed(builder, keys, authority.key(), authority.certificate().getSubjectX500Principal());
    }

    /** A certificate for {@code localhost} that no CA has signed. */
    public TlsPair selfSigned(Instant now) {
        KeyPair keys = keys();
        X509CertificateBuilder builder = server(
                DEVELOPMENT, keys, Stream.of(new DNSName("localhost"), new IPAddress(new byte[] {127, 0, 0, 1})), now);
        return signed(builder, keys, keys.getPrivate(), DEVELOPMENT);
    }

    private X509CertificateBuilder server(
            X500Principal subject, KeyPair keys, Stream<? extends GeneralName> names, Instant now) {
        return builder(subject, keys, now, SERVING_LIFE)
                .addExtension(new BasicConstraintsExtension(true, false, -1))
                .addExtension(new KeyUsageExtension(true, KeyUsage.digitalSignature))
                .addExtension(new ExtendedKeyUsageExtension(false, List.of(SERVER_AUTH)))
                .addExtension(new SubjectAlternativeNamesExtension(
                        false, names.map(GeneralName.class::cast).toList()));
    }

    private X509CertificateBuilder builder(X500Principal subject, KeyPair keys, Instant now, Duration life) {
        // X.509 knows no parts of a second.
        Instant second = now.truncatedTo(ChronoUnit.SECONDS);
        return new X509CertificateBuilder()
                .setSerialNumber(new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1))
                .setSubjectDn(subject)
                .setPublicKey(keys.getPublic())
                .setNotValidBefore(second.minus(BACKDATED).atZone(ZoneOffset.UTC))
                .setNotValidAfter(second.plus(life).atZone(ZoneOffset.UTC))
                .addExtension(new SubjectKeyIdentifierExtension(KeyUtil.getKeyIdentifier(keys.getPublic())));
    }

    private static TlsPair signed(
            X509CertificateBuilder builder, KeyPair keys, PrivateKey signer, X500Principal issuer) {
        try {
            X509Certificate certificate = builder.setIssuerDn(issuer)
                    .setSigningKey(signer)
                    .setSignatureAlgorithmName("SHA256withECDSA")
                    .build();
            return new TlsPair(certificate, keys.getPrivate());
        } catch (CertificateException impossible) {
            throw new IllegalStateException("cannot sign a certificate", impossible);
        }
    }

    private KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this Java has no P-256", impossible);
        }
    }
}

package dev.trimtab.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The certificates, as openssl and the JDK read them. */
class IssuerTest {
    private static final List<String> NAMES = CertificateWorld.NAMES;

    private final Instant now = Instant.now();
    private final Issuer issuer = new Issuer(new SecureRandom());
    private final TlsPair authority = issuer.authority(now);
    private final TlsPair serving = issuer.serving(authority, NAMES, now);

    @TempDir
    private Path folder;

    @Test
    @DisplayName("openssl verifies the chain for a TLS server of that name, strictly; and with the renewed CA as well")
    void openssl() throws Exception {
        for (TlsPair ca : List.of(authority, issuer.renewed(authority, now.plusSeconds(1)))) {
            assertThat(verify(ca, serving, "-verify_hostname", NAMES.get(1))).endsWith(": OK\n");
        }
        assertThat(verify(authority, serving, "-verify_hostname", "other.trimtab.svc"))
                .contains("hostname mismatch");
        assertThat(verify(issuer.authority(now), serving)).contains("unable to get local issuer certificate");
        assertThat(openssl("x509", "-in", write("tls.crt", Pems.of(List.of(serving.certificate()))), "-noout", "-text"))
                .contains(
                        "ASN1 OID: prime256v1",
                        "DNS:trimtab-webhook.trimtab.svc, DNS:trimtab-webhook.trimtab.svc.cluster.local",
                        "Digital Signature\n",
                        "TLS Web Server Authentication",
                        "X509v3 Authority Key Identifier");
        assertThat(openssl("pkey", "-in", write("tls.key", Pems.of(serving.key())), "-noout", "-text"))
                .contains("Private-Key: (256 bit)");
        assertThat(Pems.of(serving.key())).as("PKCS#8").startsWith("-----BEGIN PRIVATE KEY");
    }

    @Test
    @DisplayName("the CA may sign certificates, and no other CA; the serving certificate may sign none")
    void usages() {
        assertThat(authority.certificate().getBasicConstraints()).isZero();
        assertThat(authority.certificate().getKeyUsage()).containsExactly(usages(5, 6));
        assertThat(serving.certificate().getBasicConstraints()).isEqualTo(-1);
        assertThat(serving.certificate().getKeyUsage()).containsExactly(usages(0));
        assertThat(authority.isAuthority()).isTrue();
        assertThat(serving.isAuthority()).isFalse();
        assertThat(serving.isFor(NAMES)).isTrue();
        assertThat(serving.isFor(List.of("other.trimtab.svc"))).isFalse();
        assertThat(authority.isFor(NAMES)).isFalse();
    }

    private static boolean[] usages(int... which) {
        boolean[] all = new boolean[9];
        for (int one : which) {
            all[one] = true;
        }
        return all;
    }

    @Test
    @DisplayName("valid from an hour ago: for 90 days, the CA for 10 years; renewed a month and a year before")
    void lives() {
        Instant second = Instant.ofEpochSecond(now.getEpochSecond());
        assertThat(serving.certificate().getNotBefore().toInstant()).isEqualTo(second.minus(Duration.ofHours(1)));
        assertThat(serving.ends()).isEqualTo(second.plus(Duration.ofDays(90)));
        assertThat(authority.ends()).isEqualTo(second.plus(Duration.ofDays(3650)));
        assertThat(Plan.RENEW_AUTHORITY)
                .as("a CA never ends before what it signed")
                .isGreaterThan(Issuer.SERVING_LIFE);
    }

    @Test
    @DisplayName("renewing the CA keeps key and name; each certificate has its own serial number and key")
    void renewal() {
        TlsPair renewed = issuer.renewed(authority, now);
        assertThat(renewed.key()).isEqualTo(authority.key());
        assertThat(serving.isSignedBy(renewed)).isTrue();
        assertThat(issuer.serving(renewed, NAMES, now).isSignedBy(authority)).isTrue();
        assertThat(serving.isSignedBy(issuer.authority(now)))
                .as("the same name, another key")
                .isFalse();
        assertThat(List.of(authority, renewed, serving, issuer.serving(authority, NAMES, now)))
                .extracting(it -> it.certificate().getSerialNumber().signum())
                .containsOnly(1);
        assertThat(serving.certificate().getSerialNumber())
                .isNotEqualTo(
                        issuer.serving(authority, NAMES, now).certificate().getSerialNumber());
        assertThat(serving.key())
                .isNotEqualTo(issuer.serving(authority, NAMES, now).key());
    }

    @Test
    @DisplayName("self-signed: for localhost and 127.0.0.1")
    void selfSigned() throws Exception {
        X509Certificate certificate = issuer.selfSigned(now).certificate();
        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getSubjectAlternativeNames())
                .extracting(name -> name.get(0), name -> name.get(1))
                .containsExactly(tuple(2, "localhost"), tuple(7, "127.0.0.1"));
    }

    @Test
    @DisplayName("what is written is read again; what is no pair is refused, and with the reason")
    void reading() throws Exception {
        String certificate = Pems.of(List.of(serving.certificate()));
        String key = Pems.of(serving.key());
        assertThat(TlsPair.read(certificate, key)).isEqualTo(serving);
        assertThat(TlsPair.read(
                        "text before\n" + certificate + Pems.of(List.of(authority.certificate())), key + "after"))
                .as("a chain: the first one is served")
                .isEqualTo(serving);
        assertThat(Pems.certificates("-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n" + certificate))
                .containsExactly(serving.certificate());

        assertRefused("tls.crt is no certificate in PEM", "garbage", key);
        assertRefused("tls.crt is no certificate in PEM", "", "");
        assertRefused("tls.key is no private key in PEM (PKCS#8)", certificate, "garbage");
        assertRefused("the key is not that of the certificate", certificate, Pems.of(authority.key()));
    }

    private static void assertRefused(String why, String certificate, String key) {
        assertThatThrownBy(() -> TlsPair.read(certificate, key))
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessage(why);
    }

    private String verify(TlsPair ca, TlsPair leaf, String... more) throws Exception {
        String[] arguments = {
            "verify",
            "-x509_strict",
            "-purpose",
            "sslserver",
            "-CAfile",
            write("ca.crt", Pems.of(List.of(ca.certificate())))
        };
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(more));
        all.add(write("tls.crt", Pems.of(List.of(leaf.certificate()))));
        return openssl(all.toArray(String[]::new));
    }

    private String write(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private static String openssl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }
}

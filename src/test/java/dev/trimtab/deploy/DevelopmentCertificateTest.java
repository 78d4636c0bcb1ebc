package dev.trimtab.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script certs/dev-ca.sh, run for real. */
class DevelopmentCertificateTest {
    private static final int DNS = 2;
    private static final int ADDRESS = 7;

    @TempDir
    private Path folder;

    @BeforeEach
    void tools() {
        for (var tool : List.of("bash", "openssl")) {
            assumeTrue(Command.find(tool).isPresent(), "no " + tool + " on the PATH: no certificate is made");
        }
    }

    @Test
    @DisplayName("a P-256 certificate for the Service, localhost and 127.0.0.1, signed by the CA")
    void creates() throws Exception {
        assertThat(script().exitCode()).isZero();

        var serving = certificate("tls.crt");
        assertThat(serving.getSubjectAlternativeNames())
                .extracting(name -> name.get(0), name -> name.get(1))
                .containsExactly(
                        tuple(DNS, "trimtab-webhook.trimtab.svc"),
                        tuple(DNS, "trimtab-webhook.trimtab.svc.cluster.local"),
                        tuple(DNS, "localhost"),
                        tuple(ADDRESS, "127.0.0.1"));
        assertThat(((ECPublicKey) serving.getPublicKey())
                        .getParams()
                        .getCurve()
                        .getField()
                        .getFieldSize())
                .isEqualTo(256);
        assertThat(serving.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(serving.getBasicConstraints()).as("is no CA").isEqualTo(-1);
        assertThat(certificate("ca.crt").getBasicConstraints()).as("is a CA").isZero();
        verify(serving, certificate("ca.crt"));
    }

    @Test
    @DisplayName("files are their owner's alone, git ignores them, and nothing else is left")
    void files() throws IOException {
        script();

        try (var files = Files.list(folder())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(".gitignore", "ca.crt", "ca.key", "tls.crt", "tls.key");
        }
        for (var key : List.of("ca.key", "tls.key")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file(key))))
                    .isEqualTo("rw-------");
            assertThat(file(key)).content().as("PKCS#8").startsWith("-----BEGIN PRIVATE KEY");
        }
        assertThat(file(".gitignore")).content().endsWith("\n*\n");
        assertThat(Path.of("certs", ".gitignore")).content().isEqualTo("generated/\n");
    }

    @Test
    @DisplayName("refuses to overwrite, says what to do, and changes nothing")
    void refuses() throws IOException {
        script();
        var before = Files.readString(file("ca.crt")) + Files.readString(file("tls.crt"));

        var again = script();

        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.output()).contains(file("ca.key") + " exists", "--renew");
        assertThat(Files.readString(file("ca.crt")) + Files.readString(file("tls.crt")))
                .isEqualTo(before);
    }

    @Test
    @DisplayName("--renew: a new key and certificate from the same CA, which trusts the one before as well")
    void renews() throws Exception {
        script();
        var authority = certificate("ca.crt");
        var before = certificate("tls.crt");

        assertThat(script("--renew", "--days", "30").exitCode()).isZero();

        assertThat(certificate("ca.crt")).isEqualTo(authority);
        var after = certificate("tls.crt");
        assertThat(after.getPublicKey()).isNotEqualTo(before.getPublicKey());
        assertThat(after.getSerialNumber()).isNotEqualTo(before.getSerialNumber());
        assertThat(after.getSubjectAlternativeNames()).containsExactlyElementsOf(before.getSubjectAlternativeNames());
        verify(before, authority);
        verify(after, authority);
    }

    @Test
    @DisplayName("a CA certificate renewed with the same key trusts what it signed before (30-certificate.yaml)")
    void authorityRenewedWithItsKey() throws Exception {
        script();

        var renewed = Command.run(List.of(
                "openssl",
                "x509",
                "-in",
                file("ca.crt").toString(),
                "-signkey",
                file("ca.key").toString(),
                "-days",
                "99",
                "-out",
                file("renewed.crt").toString()));

        assertThat(renewed.exitCode()).as(renewed.output()).isZero();
        assertThat(certificate("renewed.crt")).isNotEqualTo(certificate("ca.crt"));
        verify(certificate("tls.crt"), certificate("renewed.crt"));
    }

    @Test
    @DisplayName("--ca-bundle: the CA in base64, on one line")
    void bundle() throws Exception {
        script();

        var bundle = script("--ca-bundle").output();

        assertThat(bundle).endsWith("\n").hasLineCount(1);
        assertThat(Base64.getDecoder().decode(bundle.strip())).isEqualTo(Files.readAllBytes(file("ca.crt")));
    }

    @Test
    @DisplayName("prints the command that brings all of it into the cluster, and no key")
    void commands() {
        assertThat(script().output())
                .contains("certs/dev-ca.sh --out '%s' --namespace trimtab --install".formatted(folder()))
                .contains("deploy/overlays/no-cert-manager")
                .doesNotContain("PRIVATE KEY");
    }

    @Test
    @DisplayName("one line for what cannot be done: 1 without a CA, 2 for wrong usage")
    void errors() {
        for (var early : List.of("--renew", "--ca-bundle", "--install")) {
            var refused = script(early);
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.output())
                    .startsWith("dev-ca.sh: no ")
                    .contains(" in ")
                    .hasLineCount(1);
        }
        for (var wrong : new String[][] {{"--days", "soon"}, {"--namespace", "a.b"}, {"--overwrite"}, {"--days"}}) {
            var refused = script(wrong);
            assertThat(refused.exitCode()).as(refused.output()).isEqualTo(2);
            assertThat(refused.output()).startsWith("dev-ca.sh: ").hasLineCount(1);
        }
        assertThat(file("tls.key")).doesNotExist();
    }

    private Command script(String... arguments) {
        var command = new ArrayList<>(List.of("bash", "certs/dev-ca.sh", "--out", folder().toString()));
        command.addAll(List.of(arguments));
        return Command.run(command);
    }

    private Path folder() {
        return folder.resolve("with a space");
    }

    private Path file(String name) {
        return folder().resolve(name);
    }

    private X509Certificate certificate(String name) throws IOException, GeneralSecurityException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file(name))));
    }

    private static void verify(X509Certificate certificate, X509Certificate authority) throws GeneralSecurityException {
        var parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
        parameters.setRevocationEnabled(false);
        var path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate));
        CertPathValidator.getInstance("PKIX").validate(path, parameters);
    }
}

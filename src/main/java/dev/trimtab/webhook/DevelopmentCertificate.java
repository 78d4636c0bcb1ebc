package dev.trimtab.webhook;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Makes a self-signed certificate for {@code localhost} with the JDK's keytool, and deletes keytool's file at once. The
 * names are in subjectAltName, because Go's TLS, and so the API server, reads no other field.
 */
final class DevelopmentCertificate {
    private static final long KEYTOOL_SECONDS = 30;

    private DevelopmentCertificate() {}

    static PfxOptions make() {
        String password = UUID.randomUUID().toString();
        try {
            Path folder = Files.createTempDirectory("trimtab-tls");
            Path store = folder.resolve("webhook.p12");
            try {
                keytool(store, password);
                return new PfxOptions()
                        .setValue(Buffer.buffer(Files.readAllBytes(store)))
                        .setPassword(password);
            } finally {
                Files.deleteIfExists(store);
                Files.deleteIfExists(folder);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "cannot make a development certificate; set trimtab.tls.certificate and trimtab.tls.key", failed);
        }
    }

    private static void keytool(Path store, String password) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "webhook",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "30",
                "-dname",
                "CN=Trimtab development",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass:env",
                "TRIMTAB_STORE_PASSWORD");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("TRIMTAB_STORE_PASSWORD", password);
        Process process = builder.start();
        try {
            if (!process.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("keytool failed");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool ran", interrupted);
        }
    }
}

package dev.trimtab.cli.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A CA and what it signed, made by {@code certs/dev-ca.sh}, in base64. */
record MadeCertificates(String ca, String served) {
    static MadeCertificates in(Path folder, String... more) {
        List<String> command = new ArrayList<>(List.of("bash", "certs/dev-ca.sh", "--out", folder.toString()));
        command.addAll(List.of(more));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Files.createTempFile("dev-ca", ".log").toFile())
                    .start();
            if (process.waitFor() != 0) {
                throw new AssertionError(command + " failed");
            }
            return new MadeCertificates(encoded(folder.resolve("ca.crt")), encoded(folder.resolve("tls.crt")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String encoded(Path file) throws IOException {
        return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
    }
}

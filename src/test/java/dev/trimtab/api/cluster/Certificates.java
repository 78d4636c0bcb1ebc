package dev.trimtab.api.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Certificates of {@code certs/dev-ca.sh}, the serving one laid out as the kubelet mounts a Secret: the files are links
 * into a folder behind the link {@code ..data}, which a renewal swaps.
 *
 * @param folder holds the CA in {@code made}, the mounted Secret in {@code mounted}
 */
public record Certificates(Path folder) {
    static Certificates make(Path folder) throws IOException {
        Certificates certificates = new Certificates(folder);
        certificates.script();
        Files.createDirectory(certificates.mounted());
        certificates.mount(certificates.made("tls.crt"), certificates.made("tls.key"));
        for (String name : List.of("tls.crt", "tls.key")) {
            Files.createSymbolicLink(certificates.mounted().resolve(name), Path.of("..data", name));
        }
        return certificates;
    }

    public Path certificate() {
        return mounted().resolve("tls.crt");
    }

    public Path key() {
        return mounted().resolve("tls.key");
    }

    Path ca() {
        return made("ca.crt");
    }

    /** The CA as webhook configurations take it. */
    public String caBundle() {
        try {
            return Base64.getEncoder().encodeToString(Files.readAllBytes(ca()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new key and certificate of the same CA, mounted. */
    public void renew() {
        try {
            script("--renew");
            mount(made("tls.crt"), made("tls.key"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the kubelet: a Secret of this content, mounted. */
    public void mount(String certificate, String key) {
        try {
            mount(
                    Files.writeString(folder.resolve("mounted.crt"), certificate),
                    Files.writeString(folder.resolve("mounted.key"), key));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code dev-ca.sh} with these arguments, as an admin with kubectl. */
    public void runScript(Kubectl kubectl, String... arguments) {
        try {
            script(
                    Map.of(
                            "KUBECONFIG",
                            kubectl.folder().resolve("kubeconfig").toString(),
                            "PATH",
                            Installation.kubectl().toAbsolutePath().getParent() + ":" + System.getenv("PATH")),
                    arguments);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a Secret with anything else in it would be. */
    public void mountUnusable() {
        try {
            Path noPem = Files.writeString(folder.resolve("no.pem"), "this is no PEM\n");
            mount(noPem, noPem);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new certificate beside the key of the one before. */
    public void mountMismatch() {
        try {
            Path oldKey = Files.copy(made("tls.key"), folder.resolve("old.key"), StandardCopyOption.REPLACE_EXISTING);
            script("--renew");
            mount(made("tls.crt"), oldKey);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One that signed nothing here. */
    public String otherCaBundle() {
        try {
            Path certificate = folder.resolve("other-ca.crt");
            run("openssl req -x509 -new -sha256 -days 1 -subj /CN=other -key %s -out %s"
                    .formatted(made("tls.key"), certificate));
            return Base64.getEncoder().encodeToString(Files.readAllBytes(certificate));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A certificate of the same CA that has ended already: where it is. */
    public Path expired() {
        try {
            Path request = folder.resolve("expired.csr");
            Path names = Files.writeString(
                    folder.resolve("expired.cnf"), "subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n");
            Path certificate = folder.resolve("expired.crt");
            run("openssl req -new -sha256 -subj /CN=localhost -key %s -out %s".formatted(made("tls.key"), request));
            run("openssl x509 -req -sha256 -days 0 -set_serial 4660 -in %s -CA %s -CAkey %s -extfile %s -out %s"
                    .formatted(request, ca(), made("ca.key"), names, certificate));
            return certificate;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void mount(Path certificate, Path key) throws IOException {
        Path version = Files.createTempDirectory(mounted(), "..");
        Files.copy(certificate, version.resolve("tls.crt"));
        Files.copy(key, version.resolve("tls.key"));
        Path link = Files.createSymbolicLink(mounted().resolve("..data_tmp"), version.getFileName());
        Files.move(link, mounted().resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void script(String... arguments) throws IOException {
        script(Map.of(), arguments);
    }

    private void script(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", "certs/dev-ca.sh", "--out", made("").toString()));
        command.addAll(List.of(arguments));
        run(environment, command);
    }

    private void run(String command) throws IOException {
        run(Map.of(), List.of(command.split(" ", -1)));
    }

    private void run(Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("dev-ca.log").toFile());
        builder.environment().putAll(environment);
        if (builder.start().onExit().join().exitValue() != 0) {
            throw new IOException(command + " failed: " + Files.readString(folder.resolve("dev-ca.log")));
        }
    }

    private Path made(String file) {
        return folder.resolve("made").resolve(file);
    }

    private Path mounted() {
        return folder.resolve("mounted");
    }
}

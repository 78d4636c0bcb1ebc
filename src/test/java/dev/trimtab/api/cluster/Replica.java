package dev.trimtab.api.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Trimtab as it is packaged, in a process: a pod of the Deployment. */
public final class Replica implements AutoCloseable {
    public static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final int PATIENCE = (int) Duration.ofSeconds(2).toMillis();

    private final Process process;
    private final int reviews;
    private final int management;

    /** Starts one. */
    public Replica(Cluster cluster) {
        reviews = freePort();
        management = freePort();
        Path folder = cluster.kubectl.folder();
        ProcessBuilder java = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx200m",
                "-jar",
                JAR.toString(),
                "serve"));
        java.environment()
                .putAll(Map.of(
                        "QUARKUS_HTTP_SSL_PORT", String.valueOf(reviews),
                        "QUARKUS_MANAGEMENT_PORT", String.valueOf(management),
                        "KUBECONFIG", kubeconfig(cluster).toString(),
                        "TRIMTAB_CLUSTER", "auto",
                        "TRIMTAB_TLS_CERTIFICATE",
                                cluster.certificates.certificate().toString(),
                        "TRIMTAB_TLS_KEY", cluster.certificates.key().toString()));
        try {
            process = java.redirectErrorStream(true)
                    .redirectOutput(
                            Files.createTempFile(folder, "replica", ".log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the kubelet's readiness probe sees. */
    public boolean isReady() {
        if (!process.isAlive()) {
            return false;
        }
        try {
            var probe = (HttpURLConnection) URI.create("http://localhost:%d/q/health/ready".formatted(management))
                    .toURL()
                    .openConnection();
            probe.setConnectTimeout(PATIENCE);
            probe.setReadTimeout(PATIENCE);
            return probe.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException notYet) {
            return false;
        }
    }

    public Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), reviews);
    }

    /** As the kubelet ends a pod: SIGTERM, and no wait. */
    public void terminate() {
        process.destroy();
    }

    public void awaitEnd() {
        process.onExit().join();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Of the webhook's own account. */
    private static Path kubeconfig(Cluster cluster) {
        try {
            return Files.writeString(cluster.kubectl.folder().resolve("kubeconfig-replica"), """
                    apiVersion: v1
                    kind: Config
                    clusters: [{name: test, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
                    users: [{name: trimtab, user: {token: %s}}]
                    contexts: [{name: test, context: {cluster: test, user: trimtab}}]
                    current-context: test
                    """.formatted(
                            cluster.admin.getConfiguration().getMasterUrl(), Account.TRIMTAB.token(cluster.admin)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

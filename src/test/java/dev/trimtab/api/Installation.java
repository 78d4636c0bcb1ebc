package dev.trimtab.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the binaries of a Kubernetes API server and the CRDs are, or what is missing. */
final class Installation {
    private static final List<String> PROGRAMS =
            List.of("etcd", "kube-apiserver", "kube-controller-manager", "kubectl");

    private Installation() {}

    /** Where kube-api-test looks for binaries, and keeps its certificates. */
    static Path home() {
        String set = System.getenv("KUBE_API_TEST_DIR");
        return set == null || set.isEmpty() ? Path.of(System.getProperty("user.home"), ".kubeapitest") : Path.of(set);
    }

    static Path kubectl() {
        return binaries().orElseThrow().resolve("kubectl");
    }

    /** Manifests and CRDs of KServe and Knative. */
    static Path corpus() {
        return Path.of(System.getProperty("corpus.dir", ""));
    }

    /** Why the tests cannot run; empty where they can. */
    static Optional<String> missing() {
        if (binaries().isEmpty()) {
            return Optional.of("no kube-apiserver: %s holds no k8s/VERSION with %s; set KUBE_API_TEST_DIR"
                    .formatted(home(), String.join(", ", PROGRAMS)));
        }
        if (System.getProperty("corpus.dir", "").isEmpty() || !Files.isDirectory(corpus().resolve("crds"))) {
            return Optional.of("no CRDs: set -Dcorpus.dir");
        }
        return Optional.empty();
    }

    private static Optional<Path> binaries() {
        Path versions = home().resolve("k8s");
        if (!Files.isDirectory(versions)) {
            return Optional.empty();
        }
        try (Stream<Path> folders = Files.list(versions)) {
            return folders.filter(folder -> PROGRAMS.stream().allMatch(it -> Files.isExecutable(folder.resolve(it))))
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

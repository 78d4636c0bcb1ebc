package dev.trimtab.api.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What the tests on a cluster need, or what of it is missing. */
public final class Installation {
    private Installation() {}

    public static Path kubectl() {
        return TestCluster.programs().resolve("kubectl");
    }

    /** Manifests and CRDs of KServe and Knative. */
    public static Path corpus() {
        return Path.of(System.getProperty("corpus.dir", ""));
    }

    /** Why the tests cannot run; empty where they can. */
    public static Optional<String> missing() {
        if (System.getProperty("corpus.dir", "").isEmpty() || !Files.isDirectory(corpus().resolve("crds"))) {
            return Optional.of("no CRDs: set -Dcorpus.dir");
        }
        return TestCluster.missing();
    }
}

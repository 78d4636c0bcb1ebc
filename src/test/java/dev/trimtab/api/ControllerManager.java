package dev.trimtab.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** Kubernetes' own garbage collector, and its controllers for Deployments: owners go, and what they own goes after them. */
final class ControllerManager implements AutoCloseable {
    private final Process process;

    ControllerManager(Path folder) {
        List<String> command = List.of(
                Installation.kubectl().resolveSibling("kube-controller-manager").toString(),
                "--kubeconfig=" + folder.resolve("kubeconfig"),
                "--controllers=garbagecollector,deployment,replicaset",
                "--leader-elect=false",
                "--port=0",
                "--secure-port=0",
                "--concurrent-gc-syncs=5",
                "--kube-api-qps=200",
                "--kube-api-burst=400");
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(
                            folder.resolve("kube-controller-manager.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}

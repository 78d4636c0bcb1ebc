package dev.trimtab.api;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An API server of kube-api-test that can be killed and started again: same port, same etcd, same objects. */
final class RestartableApiServer extends KubeAPIServer {
    /** @param tokens of clients, as {@code --token-auth-file} reads them */
    RestartableApiServer(Path tokens) {
        super(KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(Installation.home().toString())
                .withOfflineMode(true)
                .withApiServerFlag("--token-auth-file", tokens.toString())
                .build());
    }

    /** kube-api-test would stop etcd too; here an end of the process is meant, or seen by what fails next. */
    @Override
    public void processStopped(Process process) {}

    @Override
    public void stop() {
        running().ifPresent(ProcessHandle::destroyForcibly);
        super.stop();
    }

    /** Kills the API server of this JVM, and returns what starts it again. */
    static List<String> kill() {
        ProcessHandle process = running().orElseThrow();
        List<String> command = new ArrayList<>();
        command.add(process.info().command().orElseThrow());
        command.addAll(List.of(process.info().arguments().orElseThrow()));
        process.destroyForcibly();
        process.onExit().join();
        return command;
    }

    static void startAgain(List<String> command) {
        try {
            Process unused = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<ProcessHandle> running() {
        return ProcessHandle.current()
                .children()
                .filter(ProcessHandle::isAlive)
                .filter(it -> it.info().command().orElse("").endsWith("kube-apiserver"))
                .findFirst();
    }
}

package dev.trimtab.cli;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which cluster, as kubectl finds it. Nothing is read before a command asks for it. */
final class ClusterOptions {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int ANSWER_MILLIS = 30_000;
    private static final int RETRIES = 2;

    /** What the client makes up where it found neither a kubeconfig nor a mounted service account. */
    private static final String NOWHERE = "https://kubernetes.default.svc";

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "Default: that of the kubeconfig's context.")
    private String namespace;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "Default: as kubectl finds it; in a pod, its ServiceAccount.")
    private Path kubeconfig;

    @Option(names = "--context", paramLabel = "NAME", description = "Default: the kubeconfig's current one.")
    private String context;

    boolean hasNamespace() {
        return namespace != null;
    }

    LiveCluster open() throws BadInput {
        Config config = config();
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setRequestTimeout(ANSWER_MILLIS);
        config.setRequestRetryBackoffLimit(RETRIES);
        String inContext = Optional.ofNullable(config.getNamespace()).orElse("default");
        return new LiveCluster(config, namespace == null ? inContext : namespace);
    }

    private Config config() throws BadInput {
        if (kubeconfig != null && !Files.isRegularFile(kubeconfig)) {
            throw bad(kubeconfig + ": no such file");
        }
        Config config;
        try {
            config = kubeconfig == null
                    ? Config.autoConfigure(context)
                    : Config.fromKubeconfig(context, kubeconfig.toFile());
        } catch (KubernetesClientException | IllegalArgumentException unreadable) {
            throw bad((kubeconfig == null ? "kubeconfig" : kubeconfig.toString()) + ": is no kubeconfig");
        }
        if (context != null
                && (config.getCurrentContext() == null
                        || !context.equals(config.getCurrentContext().getName()))) {
            throw bad("the kubeconfig has no context " + context);
        }
        boolean inPod = System.getenv("KUBERNETES_SERVICE_HOST") != null;
        if (!inPod && config.getMasterUrl().startsWith(NOWHERE)) {
            throw bad((kubeconfig == null ? "no cluster: no kubeconfig" : kubeconfig + ": no cluster")
                    + " with a current context (see --kubeconfig, --context)");
        }
        return config;
    }

    private static BadInput bad(String problem) {
        return new BadInput(List.of(problem));
    }
}

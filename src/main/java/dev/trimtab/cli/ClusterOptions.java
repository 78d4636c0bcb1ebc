package dev.trimtab.cli;

import dev.trimtab.cli.print.BadInput;
import dev.trimtab.kube.ApiProblem;
import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.ExecConfig;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Selects the cluster as kubectl does. Nothing is read before a command opens the cluster. */
public final class ClusterOptions {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int ANSWER_MILLIS = 30_000;
    private static final int RETRIES = 2;

    /** Address that the client uses if it finds neither a kubeconfig nor a mounted service account. */
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

    public boolean hasNamespace() {
        return namespace != null;
    }

    public LiveCluster open() throws BadInput {
        Config config = config();
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setRequestTimeout(ANSWER_MILLIS);
        config.setRequestRetryBackoffLimit(RETRIES);
        String inContext = Optional.ofNullable(config.getNamespace()).orElse("default");
        missingProgram(config);
        try {
            return new LiveCluster(config, namespace == null ? inContext : namespace);
        } catch (RuntimeException unusable) {
            // The URL of the server is malformed, or a certificate or key cannot be read.
            throw bad("%s: the cluster %s cannot be used: %s"
                    .formatted(file(), config.getMasterUrl(), ApiProblem.cause(unusable)));
        }
    }

    /** Throws if the user's program gave no credentials: the client would go on as an anonymous user. */
    private void missingProgram(Config config) throws BadInput {
        Optional<ExecConfig> program = KubeconfigUser.of(config).map(AuthInfo::getExec);
        boolean given = config.getOauthToken() != null
                || config.getAutoOAuthToken() != null
                || config.getUsername() != null
                || config.getClientCertData() != null
                || config.getClientCertFile() != null;
        if (program.isPresent() && !given) {
            String hint = Optional.ofNullable(program.get().getInstallHint())
                    .filter(it -> !it.isBlank())
                    .map(it -> "; " + it.strip().replaceAll("\\s*\\R\\s*", " "))
                    .orElse("");
            throw bad(
                    "%s: no credentials come from the program %s of its user: is it installed, and are you logged in?%s"
                            .formatted(file(), program.get().getCommand(), hint));
        }
    }

    private String file() {
        return kubeconfig == null ? "kubeconfig" : kubeconfig.toString();
    }

    private Config config() throws BadInput {
        if (kubeconfig != null && Files.isDirectory(kubeconfig)) {
            throw bad(kubeconfig + ": is a folder, not a kubeconfig");
        }
        if (kubeconfig != null && !Files.exists(kubeconfig)) {
            throw bad(kubeconfig + ": no such file");
        }
        Config config;
        try {
            config = kubeconfig == null
                    ? Config.autoConfigure(context)
                    : Config.fromKubeconfig(context, kubeconfig.toFile());
        } catch (RuntimeException unreadable) {
            throw bad(file() + ": is not a kubeconfig: " + ApiProblem.cause(unreadable));
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

    /** The context's user as the kubeconfig states it: the client's configuration has only the credentials. */
    static final class KubeconfigUser {
        private KubeconfigUser() {}

        /** Empty if the kubeconfig is missing or lacks the user. */
        static Optional<AuthInfo> of(Config config) {
            Optional<File> file =
                    Optional.ofNullable(config.getFileWithAuthInfo()).or(() -> Optional.ofNullable(config.getFile()));
            if (file.isEmpty() || config.getCurrentContext() == null) {
                return Optional.empty();
            }
            String name = config.getCurrentContext().getContext().getUser();
            return KubeConfigUtils.parseConfig(file.get()).getUsers().stream()
                    .filter(user -> user.getName().equals(name))
                    .map(NamedAuthInfo::getUser)
                    .findFirst();
        }
    }
}

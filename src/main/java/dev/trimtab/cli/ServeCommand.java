package dev.trimtab.cli;

import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import picocli.CommandLine.Command;

/** {@code trimtab serve}: the webhook, and the controller where that is asked for. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Serves the webhook, until the process is told to end.",
        versionProvider = Version.class,
        optionListHeading = "%n",
        footer = {
            "",
            "Ports: 8443 with TLS for the API server (QUARKUS_HTTP_SSL_PORT), 9000 for health",
            "and metrics (QUARKUS_MANAGEMENT_PORT). Settings come from the environment:",
            "  TRIMTAB_CLUSTER               auto: follow the cluster of this pod, or of the",
            "                                kubeconfig; off: follow none. Default: auto.",
            "  TRIMTAB_NAMESPACE             where the policy is. Default: trimtab.",
            "  TRIMTAB_KNATIVE_NAMESPACE     Default: knative-serving.",
            "  TRIMTAB_CONTROLLER_ENABLED    true: also stop and start services of the",
            "                                cluster. Default: false.",
            "  TRIMTAB_TLS_CERTIFICATE, TRIMTAB_TLS_KEY",
            "                                PEM files. Default: self-signed, made at start.",
            "  TRIMTAB_POLICY_FILE           without a cluster: the policy.",
            "  TRIMTAB_KNATIVE_FILES         without a cluster: files with Knative's",
            "                                ConfigMaps, separated by commas.",
            "  TRIMTAB_KSERVE_FILE           without a cluster: KServe's ConfigMap.",
            "Exit codes: 0 where it ends as it is told to, 143 where that was SIGTERM; 2",
            "where it cannot start, with the reason on standard error.",
            "",
            "Example:",
            "  TRIMTAB_CLUSTER=off TRIMTAB_POLICY_FILE=policy.yaml trimtab serve"
        })
final class ServeCommand implements Callable<Integer> {
    private final IntSupplier server;

    ServeCommand(IntSupplier server) {
        this.server = server;
    }

    @Override
    public Integer call() {
        // For people; programs read the log from a file or a pipe.
        if (Terminal.isThere() && System.getenv("QUARKUS_LOG_CONSOLE_JSON_ENABLED") == null) {
            System.setProperty("quarkus.log.console.json.enabled", "false");
        }
        return server.getAsInt();
    }
}

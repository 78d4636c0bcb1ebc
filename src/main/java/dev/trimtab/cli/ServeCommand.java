package dev.trimtab.cli;

import dev.trimtab.cli.print.Paint.Terminal;
import dev.trimtab.cli.print.Version;
import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import picocli.CommandLine.Command;

/** {@code trimtab serve}: runs the webhook and, if enabled, the controller. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Serves the webhook until the process is stopped.",
        versionProvider = Version.class,
        optionListHeading = "%n",
        footer = {
            "",
            "Ports: 8443 with TLS for the API server (QUARKUS_HTTP_SSL_PORT), 9000 for health",
            "and metrics (QUARKUS_MANAGEMENT_PORT). Settings come from the environment:",
            "  TRIMTAB_CLUSTER               auto: follow the cluster of this pod, or of the",
            "                                kubeconfig; off: follow none. Default: auto.",
            "  TRIMTAB_NAMESPACE             namespace of the policy. Default: trimtab.",
            "  TRIMTAB_KNATIVE_NAMESPACE     Default: knative-serving.",
            "  TRIMTAB_CONTROLLER_ENABLED    true: also stop and start services of the",
            "                                cluster. Default: false.",
            "  TRIMTAB_CERTIFICATES          own: the controller also issues the webhook's",
            "                                certificate. Default: given.",
            "  TRIMTAB_TLS_CERTIFICATE, TRIMTAB_TLS_KEY",
            "                                PEM files. Default: self-signed, made at start.",
            "  TRIMTAB_POLICY_FILE           without a cluster: the policy.",
            "  TRIMTAB_KNATIVE_FILES         without a cluster: files with Knative's",
            "                                ConfigMaps, separated by commas.",
            "  TRIMTAB_KSERVE_FILE           without a cluster: KServe's ConfigMap.",
            "Exit codes: 0 after a normal end, 143 after SIGTERM; 2 if it cannot start, with",
            "the reason on standard error.",
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
        // On a terminal the log is text. Programs read JSON from a file or a pipe.
        if (Terminal.isThere() && System.getenv("QUARKUS_LOG_CONSOLE_JSON_ENABLED") == null) {
            System.setProperty("quarkus.log.console.json.enabled", "false");
        }
        return server.getAsInt();
    }
}

package dev.trimtab.cli.doctor;

import dev.trimtab.cli.ClusterOptions;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.SettingsOptions;
import dev.trimtab.cli.TrimtabCommand;
import dev.trimtab.cli.live.Overview;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Paint;
import dev.trimtab.cli.print.Progress;
import dev.trimtab.cli.print.Version;
import dev.trimtab.kube.ApiProblem;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trimtab doctor}: says whether Trimtab is installed as it should be, and what to do if not. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Looks whether Trimtab does its work on a cluster. Changes nothing.",
        sortOptions = false,
        customSynopsis = "trimtab doctor [--write] [-n NAMESPACE] [-o FORMAT]%n"
                + "                      [--trimtab-namespace NAMESPACE]%n"
                + "                      [--knative-namespace NAMESPACE]%n"
                + "                      [--kserve-namespace NAMESPACE]%n"
                + "                      [--kubeconfig FILE] [--context NAME]",
        optionListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "Checks the webhook configurations and their order, the closed door, namespaces,",
            "the certificate, replicas, controller, policy, versions, permissions, model",
            "formats, and the stored services. Says of each finding where it is and what to",
            "do. What may not be read is listed as unchecked, with the reason, and is no",
            "finding. docs/doctor.md has every check, and the rights for all of them.",
            "Exit codes: 0 nothing found; 1 a problem or a warning; 2 if the cluster cannot",
            "be read, or nothing of it may be read.",
            "",
            "Example:",
            "  trimtab doctor --write -n models"
        })
public final class DoctorCommand implements Callable<Integer> {
    private enum Output {
        TEXT,
        JSON
    }

    @Option(
            names = "--write",
            description = {
                "Also create a Knative Service in namespace -n, as a dry-run, or an InferenceService"
                        + " without Knative, and see whether Trimtab fills it."
            })
    private boolean write;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "text",
            paramLabel = "FORMAT",
            description = "text or json. Default: ${DEFAULT-VALUE}.")
    private Output output;

    @Mixin
    private SettingsOptions settings;

    @Mixin
    private ClusterOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws BadInput, ApiProblem {
        PrintWriter out = spec.commandLine().getOut();
        try (LiveCluster cluster = options.open()) {
            Places places = new Places(settings.trimtab(), settings.knative(), settings.kserve());
            Optional<WriteProbe> probe =
                    write ? Optional.of(new WriteProbe(cluster.namespace(), System::nanoTime)) : Optional.empty();
            Progress progress = Progress.on(spec.commandLine().getErr());
            Observed observed = new ClusterReader(cluster, places, new Overview(cluster, settings), progress)
                    .read(probe, Clock.systemUTC().instant());
            if (observed.isDark()) {
                throw new BadInput(List.of("%s: docs/doctor.md has the rights that doctor needs"
                        .formatted(observed.unread(Source.MUTATING).orElse("nothing may be read"))));
            }
            Diagnosis diagnosis = Diagnosis.of(observed, Check.all());
            if (output == Output.JSON) {
                diagnosis.printJson(out);
            } else {
                diagnosis.print(out, Paint.forStandardOutput());
            }
            return diagnosis.isFaulty() ? TrimtabCommand.FOUND : 0;
        }
    }
}

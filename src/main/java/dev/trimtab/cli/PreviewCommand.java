package dev.trimtab.cli;

import dev.trimtab.cluster.SettingsFiles;
import dev.trimtab.cluster.UnreadableFile;
import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.policy.Loaded;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.review.Settings;
import dev.trimtab.rules.ClusterFacts;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trimtab preview}: what admission would make of manifests, without a cluster. */
@Command(
        name = "preview",
        mixinStandardHelpOptions = true,
        description = "Shows what admission would make of manifests. Other kinds pass through unchanged.",
        footer = {
            "",
            "Exit code 0, or 2 with one line a problem for input that cannot be read.",
            "Warnings go to standard error, as kubectl apply prints them."
        })
final class PreviewCommand implements Callable<Integer> {
    @Option(
            names = {"-f", "--filename"},
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "Files, folders (with all below them), or - for standard input.")
    private List<String> files;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "A policy, or a ConfigMap with one. Default: built in.")
    private Path policy;

    @Option(
            names = "--knative",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Knative's ConfigMaps, such as config-autoscaler. Default: Knative's own defaults.")
    private List<Path> knative = List.of();

    @Option(names = "--old", paramLabel = "FILE", description = "The stored objects: what is found here is an UPDATE.")
    private String old;

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "default",
            paramLabel = "NAMESPACE",
            description = "Of objects that name none. Default: ${DEFAULT-VALUE}.")
    private String namespace;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "yaml",
            paramLabel = "FORMAT",
            description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Format format;

    @Spec
    private CommandSpec spec;

    private final InputStream in;

    PreviewCommand(InputStream in) {
        this.in = in;
    }

    @Override
    public Integer call() throws BadInput {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Settings settings = settings();
        ManifestFiles reader = new ManifestFiles(in);
        Preview preview = new Preview(settings, namespace, old == null ? List.of() : reader.read(List.of(old)));
        PreviewOutput output = format.output(out, settings.knative());
        for (ManifestFile file : reader.read(files)) {
            List<Previewed> previewed =
                    file.documents().stream().map(preview::of).toList();
            output.print(file, previewed);
            if (format != Format.EXPLAIN) {
                previewed.forEach(document -> warn(document, err));
            }
        }
        output.end();
        return 0;
    }

    private static void warn(Previewed document, PrintWriter err) {
        document.objects().forEach(object -> {
            object.review().warnings().forEach(warning -> err.println("Warning: " + warning));
            if (!object.review().isAllowed()) {
                err.println("Error: trimtab: " + object.review().refusal());
            }
        });
    }

    private Settings settings() throws BadInput {
        List<String> problems = new ArrayList<>();
        Policy chosen = Policy.BUILT_IN;
        KnativeConfig config = KnativeConfig.DEFAULTS;
        if (policy != null) {
            try {
                Loaded loaded = PolicyLoader.load(SettingsFiles.policy(policy));
                loaded.problems().forEach(problem -> problems.add(problem.in(policy.toString())));
                chosen = loaded.policy().orElse(Policy.BUILT_IN);
            } catch (UnreadableFile problem) {
                problems.add(problem.getMessage());
            }
        }
        try {
            config = SettingsFiles.knative(knative);
        } catch (UnreadableFile problem) {
            problems.add(problem.getMessage());
        }
        if (!problems.isEmpty()) {
            throw new BadInput(problems);
        }
        return new Settings(chosen, config, ClusterFacts.NONE);
    }
}

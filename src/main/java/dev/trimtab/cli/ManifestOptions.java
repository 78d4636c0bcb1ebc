package dev.trimtab.cli;

import dev.trimtab.cluster.KnativeFiles;
import dev.trimtab.cluster.KserveFiles;
import dev.trimtab.cluster.UnreadableFile;
import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.policy.Policy;
import dev.trimtab.review.Settings;
import dev.trimtab.rules.ClusterFacts;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which manifests, and what they are reviewed by: for the verbs that need no cluster. */
final class ManifestOptions {
    @Option(
            names = {"-f", "--filename"},
            arity = "1..*",
            paramLabel = "FILE",
            description = "Manifests: files, folders (all .yaml, .yml and .json below them, but none that is hidden), "
                    + "or - for standard input.")
    private List<String> files = List.of();

    @Mixin
    private PolicyOption policy;

    @Option(
            names = "--knative",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Knative's ConfigMaps config-autoscaler, -defaults, -features and -deployment. "
                    + "Default: Knative's own defaults.")
    private List<Path> knative = List.of();

    @Option(
            names = "--kserve-config",
            paramLabel = "FILE",
            description =
                    "KServe's ConfigMap inferenceservice-config: which mode the cluster has for objects that name none. "
                            + "Default: what the policy says, else Knative.")
    private Path kserve;

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "default",
            paramLabel = "NAMESPACE",
            description = "Namespace of objects that name none. Default: ${DEFAULT-VALUE}.")
    private String namespace;

    List<String> files() {
        return files;
    }

    String namespace() {
        return namespace;
    }

    /** @param folders those of {@code -k}; one of both has to be given */
    void requireAny(CommandSpec verb, List<String> folders) {
        if (files.isEmpty() && folders.isEmpty()) {
            throw new ParameterException(verb.commandLine(), "Missing required option: '--filename=FILE'");
        }
    }

    /** @param others what else is read */
    void requireStandardInputOnce(List<String> others) throws BadInput {
        List<String> sources = Stream.concat(files.stream(), others.stream()).toList();
        if (Collections.frequency(sources, "-") > 1) {
            throw new BadInput(List.of("-: standard input can be read once only"));
        }
    }

    /** @param problems where a line is added for all that is wrong with policy and configuration */
    Settings settings(List<String> problems) {
        Policy chosen = policy.load(problems).orElse(Policy.BUILT_IN);
        KnativeConfig config = KnativeConfig.DEFAULTS;
        for (Path file : knative) {
            if (file.toString().isBlank()) {
                problems.add("--knative: the name of a file is empty");
                continue;
            }
            try {
                config = KnativeFiles.read(config, file);
            } catch (UnreadableFile problem) {
                problems.addAll(problem.problems());
            }
        }
        return new Settings(chosen, config, ClusterFacts.NONE.withDefaultMode(defaultMode(problems)));
    }

    private Optional<DeploymentMode> defaultMode(List<String> problems) {
        if (kserve != null && kserve.toString().isBlank()) {
            problems.add("--kserve-config: the name of a file is empty");
            return Optional.empty();
        }
        try {
            return kserve == null ? Optional.empty() : KserveFiles.defaultMode(kserve);
        } catch (UnreadableFile problem) {
            problems.addAll(problem.problems());
            return Optional.empty();
        }
    }
}

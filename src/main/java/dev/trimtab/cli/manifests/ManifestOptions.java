package dev.trimtab.cli.manifests;

import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cluster.KnativeFiles;
import dev.trimtab.cluster.KserveFiles;
import dev.trimtab.cluster.SettingsFiles;
import dev.trimtab.cluster.SettingsFiles.UnreadableFile;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.policy.PolicyLoader.LoadedPolicy;
import dev.trimtab.rules.Facts.ClusterFacts;
import dev.trimtab.snapshot.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options of the verbs that read manifests and no cluster: the files, and the settings for the review. */
public final class ManifestOptions {
    @Option(
            names = {"-f", "--filename"},
            arity = "1..*",
            paramLabel = "FILE",
            description = "Manifests: files, folders (all .yaml, .yml and .json files below them that are not hidden), "
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
            description = "KServe's ConfigMap inferenceservice-config: the deployment mode of objects that name none. "
                    + "Default: the policy's mode, else Knative.")
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

    /** @param folders folders of {@code -k}; at least one of {@code -f} and {@code -k} is required */
    void requireAny(CommandSpec verb, List<String> folders) {
        if (files.isEmpty() && folders.isEmpty()) {
            throw new ParameterException(verb.commandLine(), "Missing required option: '--filename=FILE'");
        }
    }

    void requireStandardInputOnce(List<String> others) throws BadInput {
        List<String> sources = Stream.concat(files.stream(), others.stream()).toList();
        if (Collections.frequency(sources, "-") > 1) {
            throw new BadInput(List.of("-: standard input can be read once only"));
        }
    }

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

    static final class OldOption {
        @Option(
                names = "--old",
                paramLabel = "FILE",
                description = "The stored objects, as kubectl get -o yaml prints them. An object that is "
                        + "in this file is updated; any other object is new.")
        private String file;

        boolean isGiven() {
            return file != null;
        }

        String name() {
            return file;
        }

        List<String> files() {
            return file == null ? List.of() : List.of(file);
        }
    }

    public static final class PolicyOption {
        @Option(
                names = "--policy",
                paramLabel = "FILE",
                description = "A policy, or a ConfigMap with one. Default: the built-in one.")
        private Path file;

        Optional<Policy> load(List<String> problems) {
            return load(file, problems);
        }

        public static Optional<Policy> load(Path file, List<String> problems) {
            if (file == null) {
                return Optional.empty();
            }
            if (file.toString().isBlank()) {
                problems.add("--policy: the name of a file is empty");
                return Optional.empty();
            }
            try {
                LoadedPolicy loaded = PolicyLoader.load(SettingsFiles.policy(file));
                loaded.problems().forEach(problem -> problems.add(problem.in(file.toString())));
                return loaded.problems().isEmpty() ? loaded.policy() : Optional.empty();
            } catch (UnreadableFile problem) {
                problems.add(problem.getMessage());
                return Optional.empty();
            }
        }
    }

    /** Option {@code -k}: folders, rendered by {@code kubectl kustomize} or {@code kustomize build}. */
    static final class KustomizeOption {
        private static final List<List<String>> PROGRAMS =
                List.of(List.of("kubectl", "kustomize"), List.of("kustomize", "build"));

        @Option(
                names = {"-k", "--kustomize"},
                arity = "1..*",
                paramLabel = "DIR",
                description = "Folders with a kustomization.yaml, rendered by kubectl kustomize or kustomize build.")
        private List<String> folders = List.of();

        List<String> folders() {
            return folders;
        }

        /** Problems refer to lines and columns of the rendered text. */
        void read(ManifestFiles files, InputLog log) {
            for (String folder : folders) {
                if (folder.isBlank() || !Files.isDirectory(Path.of(folder))) {
                    log.problem("-k %s: no such folder".formatted(folder));
                    continue;
                }
                try {
                    render(folder, files, log);
                } catch (IOException problem) {
                    log.problem("-k %s: cannot be rendered: %s".formatted(folder, problem.getMessage()));
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                    log.problem("-k %s: interrupted".formatted(folder));
                }
            }
        }

        private static void render(String folder, ManifestFiles files, InputLog log)
                throws IOException, InterruptedException {
            Path errors = Files.createTempFile("trimtab", ".txt");
            try {
                for (List<String> program : PROGRAMS) {
                    Process process;
                    try {
                        process = new ProcessBuilder(program.get(0), program.get(1), folder)
                                .redirectError(errors.toFile())
                                .start();
                    } catch (IOException absent) {
                        continue;
                    }
                    process.getOutputStream().close();
                    byte[] rendered = process.getInputStream().readAllBytes();
                    if (process.waitFor() == 0) {
                        files.read(ManifestFile.printedBy(folder), rendered);
                    } else {
                        String reason = Files.readString(errors).strip().replaceAll("\\s*\\R\\s*", " ");
                        log.problem("-k %s: %s: %s".formatted(folder, String.join(" ", program), reason));
                    }
                    return;
                }
                log.problem("-k %s: neither kubectl nor kustomize is on the PATH".formatted(folder));
            } finally {
                Files.delete(errors);
            }
        }
    }
}

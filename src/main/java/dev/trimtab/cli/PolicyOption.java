package dev.trimtab.cli;

import dev.trimtab.cluster.SettingsFiles;
import dev.trimtab.cluster.UnreadableFile;
import dev.trimtab.policy.Loaded;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.PolicyLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Option {@code --policy} of the verbs that read no cluster. */
final class PolicyOption {
    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "A policy, or a ConfigMap with one. Default: the built-in one.")
    private Path file;

    /**
     * @param problems where a line is added for all that is wrong
     * @return empty where none was named, or it is not valid
     */
    Optional<Policy> load(List<String> problems) {
        return load(file, problems);
    }

    /** @param file null where none was named */
    static Optional<Policy> load(Path file, List<String> problems) {
        if (file == null) {
            return Optional.empty();
        }
        if (file.toString().isBlank()) {
            problems.add("--policy: the name of a file is empty");
            return Optional.empty();
        }
        try {
            Loaded loaded = PolicyLoader.load(SettingsFiles.policy(file));
            loaded.problems().forEach(problem -> problems.add(problem.in(file.toString())));
            return loaded.problems().isEmpty() ? loaded.policy() : Optional.empty();
        } catch (UnreadableFile problem) {
            problems.add(problem.getMessage());
            return Optional.empty();
        }
    }
}

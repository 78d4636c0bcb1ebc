package dev.trimtab.cli;

import dev.trimtab.cli.Previewed.Reviewed;
import dev.trimtab.cluster.SettingsFiles;
import dev.trimtab.cluster.UnreadableFile;
import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.policy.Policy;
import dev.trimtab.review.Settings;
import dev.trimtab.rules.ClusterFacts;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trimtab preview}: what admission would make of manifests, without a cluster. */
@Command(
        name = "preview",
        mixinStandardHelpOptions = true,
        description = "Shows what admission would make of manifests. Other kinds pass through unchanged.",
        sortOptions = false,
        customSynopsis = "trimtab preview -f FILE... [-o FORMAT] [--policy FILE]%n"
                + "                       [--knative FILE...] [--old FILE] [-n NAMESPACE]",
        optionListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "Reads no cluster. Warnings go to standard error, as kubectl apply prints them.",
            "Exit codes: 0, also where admission would refuse an object (standard error says",
            "so); 2 for input that cannot be worked on: then nothing is printed but one line",
            "a problem.",
            "",
            "Examples:",
            "  trimtab preview -f service.yaml -o diff",
            "  kustomize build . | trimtab preview -f - -o explain",
            "  kubectl get configmap -n knative-serving -o yaml > knative.yaml",
            "  trimtab preview -f manifests/ --knative knative.yaml --policy policy.yaml"
        })
final class PreviewCommand implements Callable<Integer> {
    @Option(
            names = {"-f", "--filename"},
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "Manifests: files, folders (all .yaml, .yml and .json below them, but none that is hidden), "
                    + "or - for standard input.")
    private List<String> files;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "yaml",
            paramLabel = "FORMAT",
            description = "yaml: as stored, in the author's layout; json; diff: for patch -p1; "
                    + "explain: which rule did what, and why. Default: ${DEFAULT-VALUE}.")
    private Format format;

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
            names = "--old",
            paramLabel = "FILE",
            description = "The objects as they are stored, such as kubectl get -o yaml prints them: an object that is "
                    + "found here is updated, any other is new.")
    private String old;

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "default",
            paramLabel = "NAMESPACE",
            description = "Namespace of objects that name none. Default: ${DEFAULT-VALUE}.")
    private String namespace;

    @Spec
    private CommandSpec spec;

    private final InputStream in;

    PreviewCommand(InputStream in) {
        this.in = in;
    }

    @Override
    public Integer call() throws BadInput {
        List<String> sources = old == null
                ? files
                : Stream.concat(files.stream(), Stream.of(old)).toList();
        if (Collections.frequency(sources, "-") > 1) {
            throw new BadInput(List.of("-: standard input can be read once only"));
        }
        List<String> problems = new ArrayList<>();
        Settings settings = settings(problems);
        ManifestFiles reader = new ManifestFiles(in, problems);
        List<ManifestFile> read = reader.read(files);
        List<ManifestFile> stored = old == null ? List.of() : reader.read(List.of(old));
        if (!problems.isEmpty()) {
            throw new BadInput(problems);
        }
        Preview preview = new Preview(settings, namespace, stored);
        Map<ManifestFile, List<Previewed>> previewed = new LinkedHashMap<>();
        read.forEach(file ->
                previewed.put(file, file.documents().stream().map(preview::of).toList()));
        requireMatch(previewed.values());
        print(previewed, format.output(spec.commandLine().getOut(), settings));
        return 0;
    }

    private void print(Map<ManifestFile, List<Previewed>> previewed, PreviewOutput output) {
        previewed.forEach(output::print);
        output.end();
        if (format != Format.EXPLAIN) {
            boolean several = ours(previewed.values()).count() > 1;
            previewed.forEach((file, documents) ->
                    ours(List.of(documents)).forEach(object -> warn(several ? object.heading(file) : "", object)));
        }
    }

    /** As kubectl prints warnings; with several objects it is said before whose they are. */
    private void warn(String heading, Reviewed object) {
        PrintWriter err = spec.commandLine().getErr();
        boolean silent =
                object.review().isAllowed() && object.review().warnings().isEmpty();
        if (!heading.isEmpty() && !silent) {
            err.println(heading + ":");
        }
        object.review().warnings().forEach(warning -> err.println("Warning: " + warning));
        if (!object.review().isAllowed()) {
            err.println("Error: trimtab: " + object.review().refusal());
        }
    }

    /** Otherwise a forgotten namespace would show a CREATE to somebody who asked for an UPDATE. */
    private void requireMatch(Collection<List<Previewed>> previewed) throws BadInput {
        List<Reviewed> ours = ours(previewed).toList();
        if (old != null
                && !ours.isEmpty()
                && ours.stream().allMatch(object -> object.stored().isEmpty())) {
            Reviewed first = ours.get(0);
            throw new BadInput(List.of("%s: holds no %s %s of namespace %s, nor any other object of -f"
                    .formatted(old, first.before().kindName(), first.before().name(), first.namespace())));
        }
    }

    private static Stream<Reviewed> ours(Collection<List<Previewed>> previewed) {
        return previewed.stream()
                .flatMap(List::stream)
                .flatMap(document -> document.objects().stream())
                .filter(Reviewed::isOurs);
    }

    private Settings settings(List<String> problems) {
        Policy chosen = policy.load(problems).orElse(Policy.BUILT_IN);
        KnativeConfig config = KnativeConfig.DEFAULTS;
        for (Path file : knative) {
            try {
                config = SettingsFiles.knative(config, file);
            } catch (UnreadableFile problem) {
                problems.add(problem.getMessage());
            }
        }
        return new Settings(chosen, config, ClusterFacts.NONE);
    }
}

package dev.trimtab.cli.manifests;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.cli.TrimtabCommand;
import dev.trimtab.cli.manifests.ManifestFile.FileNames;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Version;
import dev.trimtab.cluster.SettingsFiles;
import dev.trimtab.kserve.Model;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.policy.PolicyProblem;
import dev.trimtab.review.PolicyReview;
import dev.trimtab.yaml.YamlDocument;
import dev.trimtab.yaml.YamlDocument.Position;
import dev.trimtab.yaml.YamlProblem;
import dev.trimtab.yaml.YamlStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trimtab lint}: reports all problems of policies. */
@Command(
        name = "lint",
        mixinStandardHelpOptions = true,
        description = "Checks policies as strictly as the webhook does when you apply one.",
        sortOptions = false,
        customSynopsis = "trimtab lint POLICY... [--profiles] [--trimtab-namespace NAMESPACE]",
        parameterListHeading = "%n",
        optionListHeading = "",
        versionProvider = Version.class,
        footer = {
            "",
            "Prints one line per problem: file, line, column, path, what is wrong, and what",
            "to write instead. In a folder, files without a policy are skipped. Settings that",
            "are valid but unusual are reported on standard error.",
            "Exit codes: 0 valid; 1 problems found, on standard output; 2 if a file cannot be",
            "read or a folder has no policy: standard error says so, and the rest is checked.",
            "",
            "Examples:",
            "  trimtab lint policy.yaml",
            "  trimtab lint -f clusters/"
        })
public final class LintCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..*",
            paramLabel = "POLICY",
            description = "Files with a policy or with a ConfigMap that holds one, folders of such files, or - for "
                    + "standard input.")
    private List<String> files = List.of();

    @Option(
            names = {"-f", "--filename"},
            arity = "1..*",
            paramLabel = "POLICY",
            description = "Same as POLICY.")
    private List<String> named = List.of();

    @Option(names = "--profiles", description = "The files are policies of namespaces: they contain only profiles.")
    private boolean profiles;

    @Option(
            names = "--trimtab-namespace",
            defaultValue = "trimtab",
            paramLabel = "NAMESPACE",
            description = "Namespace of the policy. Default: ${DEFAULT-VALUE}.")
    private String namespace;

    @Spec
    private CommandSpec spec;

    private final InputStream in;
    private final InputLog log = new InputLog();
    private final List<String> problems = new ArrayList<>();

    public LintCommand(InputStream in) {
        this.in = in;
    }

    @Override
    public Integer call() throws BadInput {
        List<String> all = new ArrayList<>(files);
        all.addAll(named);
        if (all.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Missing required parameter: 'POLICY'");
        }
        if (Collections.frequency(all, "-") > 1) {
            throw new BadInput(List.of("-: standard input can be read once only"));
        }
        PolicyLint lint = new PolicyLint(namespace, profiles);
        for (String name : all) {
            if (name.equals("-")) {
                standardInput(lint);
            } else {
                paths(lint, name);
            }
        }
        problems.forEach(spec.commandLine().getOut()::println);
        return log.end(spec.commandLine().getErr(), problems.isEmpty() ? 0 : TrimtabCommand.FOUND);
    }

    private void standardInput(PolicyLint lint) {
        try {
            lint(lint, ManifestFile.STANDARD_INPUT.name(), in.readAllBytes(), false);
        } catch (IOException unreadable) {
            log.problem(ManifestFile.STANDARD_INPUT.name() + ": " + FileNames.reason(unreadable));
        }
    }

    private void paths(PolicyLint lint, String name) {
        boolean isFolder = !name.isBlank() && Files.isDirectory(Path.of(name));
        boolean any = false;
        int before = log.problems().size();
        for (Path path : new FileNames(log).of(name)) {
            try {
                any |= lint(lint, path.toString(), Files.readAllBytes(path), isFolder);
            } catch (IOException unreadable) {
                log.problem(path + ": " + FileNames.reason(unreadable));
            }
        }
        if (isFolder && !any && log.problems().size() == before) {
            log.problem(name + ": no policy in this folder");
        }
    }

    private boolean lint(PolicyLint lint, String name, byte[] bytes, boolean isFromFolder) throws IOException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        if (!isFromFolder && text.isBlank() && name.equals(ManifestFile.STANDARD_INPUT.name())) {
            log.problem(name + ": no document: did the command before the pipe fail?");
            return false;
        }
        Optional<List<PolicyProblem>> found = lint.of(text);
        if (found.isEmpty() && isFromFolder) {
            return false;
        }
        found.orElseGet(() -> lint.ofNamed(text)).forEach(problem -> problems.add(problem.in(name)));
        lint.advice(text).forEach(advice -> log.warning(advice.in(name)));
        return true;
    }

    /**
     * Finds the problems of all policies in a text. Includes policies that would not be read: under another key, or in
     * a ConfigMap of another name or namespace.
     *
     * @param namespace Trimtab's own namespace
     */
    record PolicyLint(String namespace, boolean isProfiles) {
        private static final JsonPointer DATA = Pointers.of("data");
        private static final JsonPointer NAME = Pointers.of("metadata", "name");
        private static final JsonPointer NAMESPACE = Pointers.of("metadata", "namespace");
        private static final JsonPointer PROFILES = Pointers.of("profiles");
        private static final JsonPointer DIALECT = Pointers.of("gpu", "dialect");
        private static final String GPU_MEMORY = "gpuMemory";
        private static final String STARTUP_SECONDS = "startupSeconds";
        private static final JsonPointer LIVENESS = Pointers.of("probes", "liveness");
        private static final JsonPointer STARTUP = Pointers.of("probes", "startup");
        private static final JsonPointer FORMATS = Pointers.of("match", "modelFormats");

        Optional<List<PolicyProblem>> of(String text) {
            List<YamlDocument> documents;
            try {
                documents = YamlStream.read(text);
            } catch (YamlProblem unreadable) {
                return text.contains("trimtab") ? Optional.of(problems(text)) : Optional.empty();
            }
            List<YamlDocument> policies =
                    documents.stream().filter(it -> isPolicy(it.content())).toList();
            if (policies.isEmpty()) {
                return Optional.empty();
            }
            List<PolicyProblem> problems = new ArrayList<>();
            for (YamlDocument document : policies) {
                problems.addAll(
                        SettingsFiles.isConfigMap(document.content())
                                ? ofConfigMap(text, document)
                                : problems("\n".repeat(document.line() - 1) + document.text()));
            }
            return Optional.of(problems);
        }

        /** The problems of a text that was named as a policy but does not look like one. */
        List<PolicyProblem> ofNamed(String text) {
            try {
                return YamlStream.read(text).stream()
                        .filter(it -> SettingsFiles.isConfigMap(it.content()))
                        .findFirst()
                        .map(it -> ofConfigMap(text, it))
                        .orElseGet(() -> problems(text));
            } catch (YamlProblem leftToTheLoader) {
                return problems(text);
            }
        }

        List<PolicyProblem> advice(String text) {
            List<PolicyProblem> advice = new ArrayList<>();
            try {
                for (YamlDocument document : YamlStream.read(text)) {
                    Optional<String> held = SettingsFiles.held(text, document);
                    if (held.isPresent()) {
                        YamlStream.read(held.get()).forEach(it -> advise(it, advice));
                    } else {
                        advise(document, advice);
                    }
                }
            } catch (YamlProblem saidAlready) {
                return advice;
            }
            return advice;
        }

        private void advise(YamlDocument document, List<PolicyProblem> advice) {
            addFormats(document, advice);
            JsonNode profiles = document.content().path("profiles");
            String dialect = document.content().at(DIALECT).asText("none");
            for (int i = 0; i < profiles.size(); i++) {
                JsonPointer at = PROFILES.appendIndex(i);
                JsonNode profile = document.content().at(at);
                // The dialect is not in the profiles of a namespace.
                if (!isProfiles && profile.has(GPU_MEMORY) && dialect.equals("none")) {
                    advice.add(problem(
                            document,
                            at.appendProperty(GPU_MEMORY),
                            "profiles[%d].gpuMemory".formatted(i),
                            "warning: does nothing as long as gpu.dialect is none"));
                }
                boolean isKilled = !profile.at(LIVENESS).isMissingNode()
                        && profile.at(STARTUP).isMissingNode()
                        && !profile.has(STARTUP_SECONDS);
                if (isKilled) {
                    advice.add(problem(
                            document,
                            at.append(LIVENESS),
                            "profiles[%d].probes.liveness".formatted(i),
                            "warning: without startupSeconds Kubernetes may kill a model while it loads: set it here"
                                    + " too"));
                }
            }
        }

        private static void addFormats(YamlDocument document, List<PolicyProblem> advice) {
            JsonNode profiles = document.content().path("profiles");
            for (int i = 0; i < profiles.size(); i++) {
                JsonPointer at = PROFILES.appendIndex(i).append(FORMATS);
                JsonNode formats = document.content().at(at);
                for (int j = 0; j < formats.size(); j++) {
                    String path = "profiles[%d].match.modelFormats[%d]".formatted(i, j);
                    JsonPointer place = at.appendIndex(j);
                    String format = formats.path(j).asText();
                    Model.inOtherCapitals(format)
                            .ifPresent(it -> advice.add(problem(
                                    document,
                                    place,
                                    path,
                                    "warning: runtimes call it %s; \"%s\" matches that too".formatted(it, format))));
                }
            }
        }

        private static boolean isPolicy(JsonNode content) {
            if (SettingsFiles.isConfigMap(content)) {
                return content.at(DATA).has(PolicyReview.KEY)
                        || PolicyReview.CONFIG_MAP.equals(content.at(NAME).asText());
            }
            return content.path("kind").asText().equals("Policy")
                    && content.path("apiVersion").asText().startsWith("trimtab.dev/");
        }

        private List<PolicyProblem> ofConfigMap(String text, YamlDocument document) {
            List<PolicyProblem> problems = new ArrayList<>();
            String name = document.content().at(NAME).asText();
            if (!name.isEmpty() && !name.equals(PolicyReview.CONFIG_MAP)) {
                problems.add(problem(
                        document,
                        NAME,
                        "metadata.name",
                        "\"%s\" is not read: name it %s".formatted(name, PolicyReview.CONFIG_MAP)));
            }
            String written = document.content().at(NAMESPACE).asText();
            if (!isProfiles && !written.isEmpty() && !written.equals(namespace)) {
                problems.add(problem(
                        document,
                        NAMESPACE,
                        "metadata.namespace",
                        "\"%s\" is not where the policy is read: that is %s; lint the profiles of a namespace with --profiles"
                                .formatted(written, namespace)));
            }
            Optional<String> held = SettingsFiles.held(text, document);
            if (held.isPresent()) {
                problems.addAll(problems(held.get()));
            } else {
                String message = "no key \"%s\": put the policy there".formatted(PolicyReview.KEY);
                problems.add(problem(document, DATA, "data", message));
            }
            return problems;
        }

        private static PolicyProblem problem(YamlDocument document, JsonPointer at, String path, String message) {
            Position place = document.positionOf(at).orElseGet(() -> new Position(document.line(), 1));
            return new PolicyProblem(path, place.line(), place.column(), message);
        }

        private List<PolicyProblem> problems(String text) {
            return isProfiles
                    ? PolicyLoader.loadProfiles(text).problems()
                    : PolicyLoader.load(text).problems();
        }
    }
}

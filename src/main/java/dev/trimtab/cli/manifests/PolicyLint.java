package dev.trimtab.cli.manifests;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.cluster.SettingsFiles;
import dev.trimtab.kserve.Model;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.policy.PolicyProblem;
import dev.trimtab.review.PolicyReview;
import dev.trimtab.yaml.Position;
import dev.trimtab.yaml.YamlDocument;
import dev.trimtab.yaml.YamlProblem;
import dev.trimtab.yaml.YamlStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything that is wrong with the policies of a text, also where it would not be read: under another key, or in a ConfigMap
 * of another name or namespace.
 *
 * @param namespace Trimtab's own
 * @param isProfiles whether they are the profiles of a namespace
 */
record PolicyLint(String namespace, boolean isProfiles) {
    private static final JsonPointer DATA = Pointers.of("data");
    private static final JsonPointer NAME = Pointers.of("metadata", "name");
    private static final JsonPointer NAMESPACE = Pointers.of("metadata", "namespace");
    private static final JsonPointer FORMATS = Pointers.of("match", "modelFormats");

    /** Returns the problems of all policies in the text. Empty if the text has no policy. */
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

    /** Advice about valid but unusual values. */
    List<PolicyProblem> advice(String text) {
        List<PolicyProblem> advice = new ArrayList<>();
        try {
            for (YamlDocument document : YamlStream.read(text)) {
                Optional<String> held = SettingsFiles.held(text, document);
                if (held.isPresent()) {
                    YamlStream.read(held.get()).forEach(it -> addFormats(it, advice));
                } else {
                    addFormats(document, advice);
                }
            }
        } catch (YamlProblem saidAlready) {
            return advice;
        }
        return advice;
    }

    private static void addFormats(YamlDocument document, List<PolicyProblem> advice) {
        JsonNode profiles = document.content().path("profiles");
        for (int i = 0; i < profiles.size(); i++) {
            JsonPointer at = Pointers.of("profiles").appendIndex(i).append(FORMATS);
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

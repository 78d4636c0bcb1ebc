package dev.trimtab.cli.manifests;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.manifest.Manifest;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Knows the source of a template from a manifest: of Helm, Jinja, Terraform, ytt and the like. What is in it is not what
 * will be applied, so nothing true can be said of it before it is rendered.
 */
enum TemplateText {
    YTT("a ytt template: render it first (ytt -f FILE | trimtab check -f -)", "(?:^|\\s)#@"),
    JINJA("a Jinja template: render it first", "\\{%-?\\s*[a-z]"),
    HELM(
            "a Helm template: render it first (helm template CHART | trimtab check -f -)",
            "\\{\\{-?\\s*(?:[.$(]|/\\*|(?:if|with|range|end|else|include|template|define|block|toYaml|required|tpl|printf"
                    + "|quote|default|lookup|fail|eq|ne|and|or|not)\\b)"),
    BRACES("a template ({{ }}): render it first", "\\{\\{"),
    ERB("a template (<% %>): render it first", "<%"),
    TERRAFORM("a template (%{ }): render it first", "%\\{\\s*(?:if|for)\\b"),
    VARIABLES("a template (${ }): render it first, such as by Terraform, envsubst or flux build", "\\$\\{[A-Za-z_]");

    /** Values below these keys may contain such marks themselves: a shell's variables, a model's chat template. */
    private static final Set<String> FREE_TEXT = Set.of("args", "command", "env", "value", "data");

    private static final String ANNOTATIONS = "annotations";

    private final String says;
    private final Pattern mark;

    TemplateText(String says, String mark) {
        this.says = says;
        this.mark = Pattern.compile(mark, Pattern.MULTILINE);
    }

    String says() {
        return says;
    }

    /** Returns the template language whose marks the text has. */
    static Optional<TemplateText> of(String text) {
        return Arrays.stream(values())
                .filter(kind -> kind.mark.matcher(text).find())
                .findFirst();
    }

    record Found(JsonPointer at, TemplateText kind) {}

    /** Searches an object that can be read as YAML although it is a template. */
    static Optional<Found> in(Manifest object, String text) {
        if (YTT.mark.matcher(text).find()) {
            return Optional.of(new Found(JsonPointer.empty(), YTT));
        }
        // {{ name }} may be Jinja or Go. The rest of the document tells.
        return find(JsonPointer.empty(), object.root(), it -> true)
                .map(it -> new Found(it.at(), it.kind() == BRACES ? of(text).orElse(BRACES) : it.kind()));
    }

    private static Optional<Found> find(JsonPointer at, JsonNode node, Predicate<String> keys) {
        if (node.isTextual()) {
            return of(node.textValue()).map(kind -> new Found(at, kind));
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            Optional<Found> found = find(at.appendIndex(i), node.get(i), keys);
            if (found.isPresent()) {
                return found;
            }
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String key = field.getKey();
            if (FREE_TEXT.contains(key) || !keys.test(key)) {
                continue;
            }
            Predicate<String> below = key.equals(ANNOTATIONS) ? TemplateText::isRead : keys;
            Optional<Found> found = find(at.appendProperty(key), field.getValue(), below);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Whether Knative, KServe or Trimtab reads the annotation. Other annotations may hold any text. */
    private static boolean isRead(String annotation) {
        return annotation.contains("knative.dev/")
                || annotation.contains("kserve.io/")
                || annotation.startsWith(Manifest.IGNORE.substring(0, Manifest.IGNORE.indexOf('/')));
    }
}

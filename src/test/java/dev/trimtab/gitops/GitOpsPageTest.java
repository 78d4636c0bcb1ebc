package dev.trimtab.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** That {@code docs/gitops.md} and {@code docs/pipelines.md} quote what is shipped, and that all of it can be read. */
class GitOpsPageTest {
    private final String page =
            Recipes.text(Path.of("docs", "gitops.md")) + Recipes.text(Path.of("docs", "pipelines.md"));

    @Test
    @DisplayName("each recipe is linked, and is YAML of the kind that it should be")
    void recipes() throws IOException {
        List<String> kinds = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Recipes.FOLDER)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                assertThat(page).contains("](../" + file + ")");
                kinds.add(Recipes.load(file).path("kind").asText());
            }
        }
        assertThat(kinds).containsExactly("Application", "ConfigMap", "", "ConfigManagementPlugin", "Kustomization");
    }

    @Test
    @DisplayName("what the page quotes of them stands in them, and the rest is YAML")
    void quotes() throws IOException {
        StringBuilder shipped = new StringBuilder();
        try (Stream<Path> files = Files.walk(Recipes.FOLDER)) {
            files.filter(Files::isRegularFile).forEach(it -> shipped.append(flat(Recipes.text(it))));
        }
        List<String> own = new ArrayList<>();
        for (String block : blocks()) {
            JsonNode content = Recipes.any(block);
            assertThat(content.isObject()).as(block).isTrue();
            String inner = block.replaceFirst("^metadata:\\n", "");
            if (!shipped.toString().contains(flat(inner))) {
                own.add(content.fieldNames().next());
            }
        }
        assertThat(own).as("for pre-commit and GitHub").containsExactly("repos", "permissions");
    }

    @Test
    @DisplayName("pre-commit and GitHub: the names are those of the hooks and inputs that there are")
    void names() {
        JsonNode hooks = Recipes.any(Recipes.text(Path.of(".pre-commit-hooks.yaml")));
        ObjectNode preCommit = Recipes.parse(blocks().get(3));
        assertThat(hooks.findValuesAsText("id"))
                .containsAll(preCommit.at("/repos/0/hooks").findValuesAsText("id"))
                .allSatisfy(it -> assertThat(page).contains(it));
        ObjectNode action = Recipes.load(Path.of("action.yml"));
        ObjectNode workflow = Recipes.parse(blocks().get(4));
        workflow.at("/steps/1/with")
                .fieldNames()
                .forEachRemaining(
                        it -> assertThat(action.path("inputs").has(it)).as(it).isTrue());
        assertThat(action.path("outputs").has("sarif-file")).isTrue();
    }

    @Test
    @DisplayName("the Application compares on the server, with webhooks; the plugin reads what kustomize renders")
    void settings() {
        ObjectNode application = Recipes.load(Recipes.FOLDER.resolve("argocd/application.yaml"));
        assertThat(application
                        .at("/metadata/annotations/argocd.argoproj.io~1compare-options")
                        .asText())
                .isEqualTo("ServerSideDiff=true,IncludeMutationWebhook=true");
        assertThat(application.at("/spec/syncPolicy/syncOptions/0").asText()).isEqualTo("ServerSideApply=true");
        ObjectNode plugin = Recipes.load(Recipes.FOLDER.resolve("argocd/plugin.yaml"));
        assertThat(plugin.path("apiVersion").asText()).isEqualTo("argoproj.io/v1alpha1");
        assertThat(plugin.at("/spec/generate/command").toString()).isEqualTo("[\"bash\",\"-euo\",\"pipefail\",\"-c\"]");
        assertThat(plugin.at("/spec/generate/args/0").asText())
                .matches("kustomize build \\. \\| kubectl-trimtab fix .*-f -");
    }

    private List<String> blocks() {
        return Pattern.compile("(?ms)^ *```yaml\\n(.*?)^ *```$")
                .matcher(page)
                .results()
                .map(MatchResult::group)
                .map(it -> it.replaceAll("(?m)^ *```(yaml)?$", "").strip().indent(0))
                .map(String::stripIndent)
                .toList();
    }

    private static String flat(String yaml) {
        return yaml.replaceAll("\\s+", " ").strip() + " ";
    }
}

package dev.trimtab.cli.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.Cli;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The hooks, with file names behind their entries as pre-commit writes them. */
class PreCommitHooksTest {
    @TempDir
    private Path folder;

    private final List<Map<String, Object>> hooks = read();

    @Test
    @DisplayName("the hooks are those of the docs; each takes all files at once")
    void hooks() {
        assertThat(hooks.stream().map(it -> it.get("id")))
                .containsExactly("trimtab-check", "trimtab-fix", "trimtab-lint");
        assertThat(hooks).allSatisfy(it -> {
            assertThat(it).containsEntry("language", "system").containsEntry("require_serial", true);
            assertThat(it.get("types")).isEqualTo(List.of("yaml"));
        });
        assertThat(Stream.of("policy-ack-guide.yaml", "x/trimtab-policy.yml", "my-policy.yaml", "policies.yaml")
                        .filter(Pattern.compile((String) hooks.get(2).get("files"))
                                .asPredicate()))
                .containsExactly("policy-ack-guide.yaml", "x/trimtab-policy.yml");
    }

    @Test
    @DisplayName("lint: good policies pass, a bad one fails")
    void lint() {
        String good = "docs/examples/policies/policy-ack-guide.yaml";
        String bad =
                Cli.write(folder, "policy-bad.yaml", "apiVersion: trimtab.dev/v1alpha1\nkind: Policy\nmod: Audit\n");

        assertThat(run(2, good, "docs/examples/policies/policy-vllm-fleet.yaml").code())
                .isZero();
        assertThat(run(2, good, bad).code()).isEqualTo(1);
    }

    @Test
    @DisplayName("fix mends what check complains of, and check is content then; both get all files behind one -f")
    void checkAndFix() {
        String bad = Cli.write(folder, "eager.yaml", Cli.CONFLICT);
        String good = Cli.write(folder, "hello.yaml", Cli.SERVICE);

        assertThat(run(0, good).code()).isZero();
        assertThat(run(0, good, bad).code()).isEqualTo(1);
        assertThat(run(1, good, bad).code()).isZero();
        assertThat(run(0, good, bad).code()).isZero();
    }

    private Cli run(int hook, String... files) {
        String[] entry = ((String) hooks.get(hook).get("entry")).split(" ");
        assertThat(entry[0]).isEqualTo("kubectl-trimtab");
        List<String> arguments = new ArrayList<>(List.of(entry).subList(1, entry.length));
        arguments.addAll(List.of(files));
        return Cli.run(arguments.toArray(String[]::new));
    }

    private static List<Map<String, Object>> read() {
        try {
            return new Yaml().load(Files.readString(Path.of(".pre-commit-hooks.yaml")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.trimtab.api.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.TestCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What Argo CD and Flux show of objects, by their own libraries: {@code test-cluster/gitops-diff}.
 *
 * @param folder holds the kubeconfig
 */
record GitOpsDiff(Path folder) {
    /** A comparison that one of the two tools makes. */
    enum Comparison {
        ARGO("argo"),
        ARGO_SERVER_SIDE("argoServerSide"),
        ARGO_SERVER_SIDE_WITH_WEBHOOKS("argoServerSideWithWebhooks"),
        ARGO_STRUCTURED_MERGE("argoStructuredMerge"),
        FLUX("flux");

        private final String field;

        Comparison(String field) {
            this.field = field;
        }
    }

    /** What is shown of one object. */
    record Shown(String kind, String name, JsonNode line) {
        /** JSON pointers of what differs; none where it is in sync. */
        List<String> by(Comparison comparison) {
            JsonNode found = line.path(comparison.field);
            if (found.asText().equals("Synced")) {
                return List.of();
            }
            assertThat(found.isArray()).as("%s: %s", comparison, line).isTrue();
            List<String> pointers = new ArrayList<>();
            found.forEach(it -> pointers.add(it.asText()));
            return List.copyOf(pointers);
        }
    }

    /**
     * @param git what is in Git
     * @param ignored pointers of ignoreDifferences
     */
    List<Shown> of(List<ObjectNode> git, List<String> ignored) {
        List<String> command = new ArrayList<>(
                List.of(TestCluster.programs().resolve("gitops-diff").toString()));
        ignored.forEach(it -> command.addAll(List.of("--ignore", it)));
        try {
            Path file = Files.createTempFile(folder, "git", ".yaml");
            Files.writeString(
                    file,
                    String.join(
                            "\n---\n", git.stream().map(ObjectNode::toString).toList()));
            command.add(file.toString());
            Path out = Files.createTempFile(folder, "gitops-diff", ".out");
            Path err = Files.createTempFile(folder, "gitops-diff", ".err");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().put("KUBECONFIG", folder.resolve("kubeconfig").toString());
            int code = builder.start().onExit().join().exitValue();
            assertThat(code).as(Files.readString(err)).isZero();
            List<Shown> shown = Files.readAllLines(out).stream()
                    .map(Api::json)
                    .map(it ->
                            new Shown(it.path("kind").asText(), it.path("name").asText(), it))
                    .toList();
            assertThat(shown).hasSameSizeAs(git);
            return shown;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

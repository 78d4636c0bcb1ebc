package dev.trimtab.api.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Kubectl;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.cli.Cli;
import dev.trimtab.schedule.StopMark;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stopped by hand or in Git: what Argo CD and Flux show and do; docs/gitops.md says the same. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class GitOpsStopTest extends ApiTest {
    private static final String STOP = "serving.kserve.io/stop";
    private static final String MARK = StopMark.KEY;

    @BeforeEach
    void kserve() {
        cluster.registerKserve();
    }

    @AfterEach
    void withoutKserve() {
        cluster.removeKserve();
    }

    @ParameterizedTest
    @EnumSource(GitOpsTool.class)
    @DisplayName(
            "stopped in the cluster: nothing to see, and it stays stopped; kubectl's own name does not survive Flux")
    void stopped(GitOpsTool tool) throws IOException {
        GitOpsScene scene = GitOpsScene.of(cluster, tool, List.of(example("llama.yaml")));
        scene.sync();
        trimtab("stop", scene);

        assertThat(scene.seen()).isEmpty();
        scene.sync();
        assertThat(isStopped(scene)).isTrue();
        trimtab("start", scene);
        assertThat(scene.seen()).isEmpty();

        annotate(scene, STOP + "=true");
        assertThat(scene.seen()).isEmpty();
        scene.sync();
        assertThat(isStopped(scene)).as("stopped by kubectl annotate").isEqualTo(tool != GitOpsTool.FLUX);
    }

    @ParameterizedTest
    @EnumSource(GitOpsTool.class)
    @DisplayName("stopped in Git: Git wins over a start in the cluster, until the line is taken out")
    void stoppedInGit(GitOpsTool tool) throws IOException {
        GitOpsScene running = GitOpsScene.of(cluster, tool, List.of(example("llama.yaml")));
        GitOpsScene stopped =
                running.with(it -> it.withObject("/metadata/annotations").put(STOP, "true"));
        stopped.sync();
        assertThat(stopped.seen()).isEmpty();
        trimtab("start", stopped);

        assertThat(stopped.seen()).isNotEmpty().allSatisfy((how, where) -> assertThat(where)
                .containsExactly("/metadata/annotations/serving.kserve.io~1stop"));
        assertThat(stopped.seen()).hasSize(tool == GitOpsTool.ARGO ? 3 : tool == GitOpsTool.FLUX ? 1 : 2);
        stopped.sync();
        assertThat(isStopped(stopped)).isTrue();
        running.sync();
        assertThat(isStopped(running)).isFalse();
        assertThat(running.seen()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(GitOpsTool.class)
    @DisplayName(
            "stopped and started by a schedule, kept up and down by somebody: nothing to see, and a sync undoes none")
    void scheduled(GitOpsTool tool) throws IOException {
        GitOpsScene scene = GitOpsScene.of(cluster, tool, List.of(example("llama.yaml")));
        scene.sync();
        schedule(scene, "{\"metadata\": {\"annotations\": {\"%s\": \"true\", \"%s\": \"{}\"}}}".formatted(STOP, MARK));
        assertThat(afterSync(scene)).contains(STOP, MARK);

        schedule(scene, "{\"metadata\": {\"annotations\": {\"%s\": null, \"%s\": null}}}".formatted(STOP, MARK));
        assertThat(afterSync(scene)).doesNotContain(STOP, MARK);

        schedule(scene, "{\"metadata\": {\"annotations\": {\"%s\": \"true\", \"%s\": \"{}\"}}}".formatted(STOP, MARK));
        trimtab("start", scene);
        assertThat(afterSync(scene)).contains(MARK).doesNotContain(STOP);

        keep(scene, "up", "--for", "2h");
        assertThat(afterSync(scene))
                .contains("trimtab.dev/keep", "trimtab.dev/keep-until")
                .doesNotContain(STOP, MARK);
        keep(scene, "off");
        assertThat(afterSync(scene)).noneMatch(it -> it.startsWith("trimtab.dev/keep"));
    }

    /** The annotations of the service, after what the tool saw and did. */
    private static List<String> afterSync(GitOpsScene scene) {
        assertThat(scene.seen()).isEmpty();
        scene.sync();
        assertThat(scene.seen()).isEmpty();
        List<String> keys = new ArrayList<>();
        scene.live().at("/metadata/annotations").fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private void schedule(GitOpsScene scene, String patch) {
        Kubectl.Printed done = cluster.kubectl.run(
                "",
                List.of(
                        "patch",
                        "-n",
                        scene.namespace(),
                        "inferenceservice",
                        "llama",
                        "--type=merge",
                        "--field-manager=" + StopMark.FIELD_MANAGER,
                        "-p",
                        patch));
        assertThat(done.exitCode()).as(done.err()).isZero();
    }

    private void keep(GitOpsScene scene, String... words) {
        List<String> args = new ArrayList<>(List.of("keep", "llama"));
        args.addAll(List.of(words));
        args.addAll(List.of("-n", scene.namespace(), "--kubeconfig"));
        args.add(cluster.kubectl.folder().resolve("kubeconfig").toString());
        Cli done = Cli.run(args.toArray(String[]::new));
        assertThat(done.code()).as(done.err()).isZero();
    }

    private static ObjectNode example(String file) throws IOException {
        return Api.yaml(Files.readString(Path.of("docs", "examples", file)));
    }

    private void trimtab(String verb, GitOpsScene scene) {
        String kubeconfig = cluster.kubectl.folder().resolve("kubeconfig").toString();
        Cli done = Cli.run(verb, "llama", "-n", scene.namespace(), "--kubeconfig", kubeconfig);
        assertThat(done.code()).as(done.err()).isZero();
    }

    private void annotate(GitOpsScene scene, String annotation) {
        Kubectl.Printed done = cluster.kubectl.run(
                "", List.of("annotate", "-n", scene.namespace(), "inferenceservice", "llama", annotation));
        assertThat(done.exitCode()).as(done.err()).isZero();
    }

    private static boolean isStopped(GitOpsScene scene) {
        return scene.live()
                .at("/metadata/annotations/serving.kserve.io~1stop")
                .asText()
                .equals("true");
    }
}

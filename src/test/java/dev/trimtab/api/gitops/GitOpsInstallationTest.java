package dev.trimtab.api.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.ClusterContents;
import dev.trimtab.api.cluster.Kubectl;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.gitops.GitOpsDiff.Comparison;
import dev.trimtab.api.gitops.GitOpsDiff.Shown;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Trimtab itself under Argo CD and Flux. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class GitOpsInstallationTest extends ApiTest {
    @Test
    @DisplayName("Trimtab's own webhook configuration, once cert-manager has written caBundle: nothing to see")
    void caBundle() throws IOException {
        ObjectNode git =
                Api.yaml(Files.readString(ClusterContents.DEPLOY.resolve("60-mutatingwebhookconfiguration.yaml")));
        git.withObject("/metadata").put("name", "copy.example.com");
        // Never asked.
        git.path("webhooks").forEach(it -> ((ObjectNode) it)
                .withObject("/namespaceSelector")
                .withObject("/matchLabels")
                .put("example.com/nobody", "here"));
        String type = "mutatingwebhookconfiguration.admissionregistration.k8s.io";
        try {
            for (GitOpsTool tool : GitOpsTool.values()) {
                assertThat(cluster.kubectl
                                .apply(git.toString(), tool.sync().toArray(String[]::new))
                                .exitCode())
                        .isZero();
                String patch = Api.yaml("{webhooks: [{name: services.trimtab.dev, clientConfig: {caBundle: %s}}]}"
                                .formatted(cluster.certificates.caBundle()))
                        .toString();
                assertThat(cluster.kubectl
                                .run(
                                        "",
                                        List.of(
                                                "patch",
                                                type,
                                                "copy.example.com",
                                                "--field-manager=cainjector",
                                                "-p",
                                                patch))
                                .exitCode())
                        .isZero();
                ObjectNode live = json("", "get", type, "copy.example.com", "-o", "json");
                assertThat(live.at("/webhooks/0/clientConfig").has("caBundle")).isTrue();
                Shown shown = new GitOpsDiff(cluster.kubectl.folder())
                        .of(List.of(git), List.of())
                        .get(0);
                Comparison comparison =
                        tool == GitOpsTool.FLUX ? Comparison.FLUX : Comparison.ARGO_SERVER_SIDE_WITH_WEBHOOKS;
                assertThat(shown.by(comparison)).as("%s", tool).isEmpty();
                cluster.kubectl.run("", List.of("delete", type, "copy.example.com"));
            }
        } finally {
            cluster.kubectl.run("", List.of("delete", "--ignore-not-found", type, "copy.example.com"));
        }
    }

    private ObjectNode json(String input, String... arguments) {
        Kubectl.Printed done = cluster.kubectl.run(input, List.of(arguments));
        assertThat(done.exitCode()).as(done.err()).isZero();
        return Api.json(done.out());
    }
}

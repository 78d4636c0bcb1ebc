package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.ScriptedApiServer.Answer;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verbs that ask a cluster, where it does not answer as one would like. */
class ClusterTroubleTest {
    private static final String SERVICE = """
            {"apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
             "metadata": {"name": "llama", "namespace": "ml", "resourceVersion": "%s"}, "status": {%s}}
            """;
    private static final Answer FOUND = new Answer(200, SERVICE.formatted("7", ""));

    @TempDir
    private Path folder;

    @Test
    @DisplayName("no kubeconfig, no such context, no such file, nobody at the address: one line, exit code 2")
    void noCluster() throws IOException {
        String gone = ScriptedApiServer.kubeconfig(folder, "http://127.0.0.1:1");

        assertTrouble(Cli.run("status", "--kubeconfig", folder + "/none"), folder + "/none: no such file");
        assertTrouble(Cli.run("status", "--kubeconfig", gone, "--context", "x"), "the kubeconfig has no context x");
        assertThat(Cli.run("stop", "llama", "--kubeconfig", gone)).satisfies(it -> {
            assertThat(it.code()).isEqualTo(2);
            assertThat(it.out()).isEmpty();
            assertThat(it.errors())
                    .singleElement()
                    .asString()
                    .startsWith("the cluster at http://127.0.0.1:1/ cannot be reached: ");
        });
        String empty = Cli.write(folder, "empty", "apiVersion: v1\nkind: Config\n");
        assertTrouble(
                Cli.run("status", "--kubeconfig", empty),
                empty + ": no cluster with a current context (see --kubeconfig, --context)");
    }

    @Test
    @DisplayName("a kubeconfig that is broken: the user's own fault, in one line that names the file")
    void brokenKubeconfig() throws IOException {
        String good = Files.readString(Path.of(ScriptedApiServer.kubeconfig(folder, "http://127.0.0.1:1")));
        for (String broken : List.of("a: [", "kind: Config\nclusters: 7\n", "\t- x", "{}}")) {
            String file = Cli.write(folder, "broken", broken);
            assertThat(Cli.run("status", "--kubeconfig", file)).satisfies(it -> {
                assertThat(it.code()).isEqualTo(2);
                assertThat(it.errors()).singleElement().asString().startsWith(file + ": ");
            });
        }
        assertTrouble(Cli.run("status", "--kubeconfig", folder.toString()), folder + ": is a folder, not a kubeconfig");
        String url = Cli.write(folder, "url", good.replace("http://127.0.0.1:1", "\"not a url\""));
        assertThat(Cli.run("status", "--kubeconfig", url)).satisfies(it -> {
            assertThat(it.code()).isEqualTo(2);
            assertThat(it.errors())
                    .singleElement()
                    .asString()
                    .doesNotContain("bug")
                    .contains("not a url");
        });
        String authority = Cli.write(
                folder,
                "authority",
                good.replace("http://127.0.0.1:1", "https://127.0.0.1:1\n    certificate-authority: /nope/ca.crt"));
        assertThat(Cli.run("status", "--kubeconfig", authority)).satisfies(it -> {
            assertThat(it.code()).isEqualTo(2);
            assertThat(it.errors())
                    .singleElement()
                    .asString()
                    .doesNotContain("bug", "An error has occurred")
                    .contains("/nope/ca.crt");
        });
    }

    @Test
    @DisplayName("the program that gives credentials is not installed: it is named, and how to get it")
    void missingProgram() throws IOException {
        String file = Cli.write(folder, "exec", """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
                contexts: [{name: x, context: {cluster: c, user: u}}]
                current-context: x
                users:
                - name: u
                  user:
                    exec:
                      apiVersion: client.authentication.k8s.io/v1
                      command: no-such-program-of-a-cloud
                      args: [get-token]
                      interactiveMode: Never
                      installHint: |
                        install it
                        from there
                """);

        assertTrouble(
                Cli.run("status", "--kubeconfig", file),
                file + ": no credentials come from the program no-such-program-of-a-cloud of its user: is it installed,"
                        + " and are you logged in?; install it from there");
    }

    @Test
    @DisplayName("asked as nobody: said beside the API server's refusal")
    void anonymous() {
        try (ScriptedApiServer server = new ScriptedApiServer((method, path, body) ->
                Answer.status(403, "inferenceservices is forbidden: User system:anonymous cannot list resource"))) {
            assertTrouble(
                    Cli.run("status", "--kubeconfig", server.kubeconfig(folder)),
                    "inferenceservices: inferenceservices is forbidden: User system:anonymous cannot list resource"
                            + " (sent without credentials: the kubeconfig's user has none that work)");
        }
    }

    @Test
    @DisplayName("misuse: one line, before anything is asked")
    void misuse() {
        assertTrouble(
                Cli.run("stop", "isvc/llama"), "'isvc/llama' is not the name of an object (for the kind take --kind)");
        assertTrouble(
                Cli.run("stop", "llama", "--timeout", "soon"),
                "trimtab stop: Invalid value for option '--timeout': 'soon' is not a duration such as 90s or 1h30m"
                        + " (see trimtab stop --help)");
        assertTrouble(
                Cli.run("start", "llama", "--kind", "service"),
                "trimtab start: Invalid value for option '--kind': 'service' is not one of inferenceservice, inferencegraph, llminferenceservice"
                        + " (see trimtab start --help)");
        assertTrouble(
                Cli.run("status", "-A", "-n", "ml"),
                "trimtab status: either -A or -n NAMESPACE (see trimtab status --help)");
        assertThat(Cli.run("stop").code()).isEqualTo(2);
    }

    @Test
    @DisplayName("somebody else wrote in between: read again, and patched again; five times at most")
    void conflict() {
        AtomicInteger version = new AtomicInteger();
        AtomicInteger refusals = new AtomicInteger(2);
        try (ScriptedApiServer server = new ScriptedApiServer((method, path, body) -> {
            if (method.equals("PATCH") && refusals.getAndDecrement() > 0) {
                return Answer.status(
                        refusals.get() == 0 ? 409 : 422, "the server rejected our request due to an error");
            }
            return new Answer(200, SERVICE.formatted(version.incrementAndGet(), ""));
        })) {
            String kubeconfig = server.kubeconfig(folder);
            assertThat(Cli.run("stop", "llama", "--kubeconfig", kubeconfig))
                    .isEqualTo(new Cli(0, "InferenceService ml/llama: stop requested\n", ""));
            assertThat(server.requests.stream().filter(it -> it.startsWith("PATCH")))
                    .hasSize(3)
                    .allMatch(it -> it.contains("application/json-patch+json [{\"op\":\"test\""));

            refusals.set(Integer.MAX_VALUE);
            assertTrouble(
                    Cli.run("stop", "llama", "--kubeconfig", kubeconfig),
                    "InferenceService ml/llama: the server rejected our request due to an error");
            assertThat(server.requests.stream().filter(it -> it.startsWith("PATCH")))
                    .hasSize(8);
        }
    }

    @Test
    @DisplayName("stop --wait: that the stop is asked for is on the screen before the waiting begins")
    void saidBeforeTheWaiting() {
        StringWriter screen = new StringWriter();
        List<String> shown = Collections.synchronizedList(new ArrayList<>());
        String stopped = SERVICE.formatted("8", "\"conditions\": [{\"type\": \"Stopped\", \"status\": \"True\"}]");
        try (ScriptedApiServer server = new ScriptedApiServer((method, path, body) -> {
            if (path.contains("/pods")) {
                shown.add(screen.toString());
                return new Answer(200, "{\"items\": []}");
            }
            return method.equals("PATCH") || !shown.isEmpty()
                    ? new Answer(
                            200,
                            stopped.replace(
                                    "\"name\"", "\"annotations\": {\"serving.kserve.io/stop\": \"true\"}, \"name\""))
                    : FOUND;
        })) {
            TrimtabCommand.run(
                    new String[] {
                        "stop", "llama", "--wait", "--timeout", "5s", "--kubeconfig", server.kubeconfig(folder)
                    },
                    InputStream.nullInputStream(),
                    new PrintWriter(new BufferedWriter(screen)),
                    new PrintWriter(new StringWriter()));
        }
        assertThat(shown).isNotEmpty().first().isEqualTo("InferenceService ml/llama: stop requested\n");
    }

    @Test
    @DisplayName("KServe's validator refuses the patch: its message, once, and exit code 2")
    void refused() {
        for (int code : new int[] {400, 403, 422}) {
            try (ScriptedApiServer server = new ScriptedApiServer((method, path, body) -> method.equals("PATCH")
                    ? Answer.status(code, "admission webhook denied the request: deploymentMode cannot be changed")
                    : FOUND)) {
                assertTrouble(
                        Cli.run("stop", "llama", "--kubeconfig", server.kubeconfig(folder)),
                        "InferenceService ml/llama: admission webhook denied the request: deploymentMode cannot be changed");
                assertThat(server.requests.stream().filter(it -> it.startsWith("PATCH")))
                        .hasSize(1);
            }
        }
    }

    @Test
    @DisplayName("ModelMesh has no stop: nothing is written")
    void modelMesh() {
        try (ScriptedApiServer server = new ScriptedApiServer(
                (method, path, body) -> new Answer(200, SERVICE.formatted("7", "\"deploymentMode\": \"ModelMesh\"")))) {
            assertTrouble(
                    Cli.run("stop", "llama", "--kubeconfig", server.kubeconfig(folder)),
                    "InferenceService ml/llama: is served by ModelMesh, which has no stop");
            assertThat(server.requests).hasSize(1);
        }
    }

    @Test
    @DisplayName("KServe is not installed, the credentials are refused, what answers is not an API server")
    void otherServers() {
        try (ScriptedApiServer none = new ScriptedApiServer((method, path, body) -> Answer.status(404, "not found"));
                ScriptedApiServer stranger =
                        new ScriptedApiServer((method, path, body) -> Answer.status(401, "Unauthorized"));
                ScriptedApiServer web = new ScriptedApiServer((method, path, body) -> new Answer(200, "<html>"))) {
            assertTrouble(
                    Cli.run("status", "--kubeconfig", none.kubeconfig(folder)),
                    "the cluster knows no InferenceService: KServe is not installed there");
            assertTrouble(
                    Cli.run("status", "--kubeconfig", stranger.kubeconfig(folder)),
                    "inferenceservices: Unauthorized (the cluster does not take these credentials)");
            assertTrouble(
                    Cli.run("status", "--kubeconfig", web.kubeconfig(folder)),
                    "the cluster at %s/ cannot be reached: is not an API server".formatted(web.url()));
        }
    }

    private static void assertTrouble(Cli ran, String line) {
        assertThat(ran).isEqualTo(new Cli(2, "", line + "\n"));
    }
}

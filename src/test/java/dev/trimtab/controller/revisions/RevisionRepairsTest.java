package dev.trimtab.controller.revisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trimtab.cli.ScriptedApiServer;
import dev.trimtab.cli.ScriptedApiServer.Answer;
import dev.trimtab.cli.ScriptedApiServer.Script;
import dev.trimtab.controller.revisions.RevisionRepairs.RepairListener;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.manifest.Manifest;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against an API server that does not answer as one would like; {@code api.RevisionRepairTest} is against a real one. */
class RevisionRepairsTest {
    private static final String LIST = "{\"metadata\": {\"continue\": \"%s\"}, \"items\": [%s]}";
    private static final String REVISION = """
            {"apiVersion": "serving.knative.dev/v1", "kind": "Revision",
             "metadata": {"name": "%s", "namespace": "%s", "resourceVersion": "%s", "labels": {%s},
                          "annotations": {"autoscaling.knative.dev/initial-scale": "%s"}}}
            """;
    private static final String LEGAL = revision("legal", "ml", 1, "1");
    private static final String ONE = revision("one", "ml", 7, "0");
    private static final String TWO = revision("two", "ml", 8, "0");

    private final List<String> heard = new ArrayList<>();

    @Test
    @DisplayName("page by page, then patch by patch; what is ignored or in an excluded namespace stays")
    void pages() {
        String ignored = REVISION.formatted("ignored", "ml", 9, "\"trimtab.dev/ignore\": \"true\"", "0");
        String excluded = revision("excluded", "kserve", 10, "0");
        Script script = (method, path, body) -> {
            if (path.contains("/namespaces/")) {
                return new Answer(200, path.contains("/one") ? ONE : TWO);
            }
            return path.endsWith("&continue=a%2Fb%3D%3D")
                    ? list("", ignored, TWO)
                    : list("a/b==", LEGAL, ONE, excluded);
        };

        List<String> requests = run(script, 2);

        // The client reads what it patches.
        assertThat(requests.stream().filter(it -> !it.startsWith("GET /apis/serving.knative.dev/v1/namespaces/")))
                .extracting(it -> it.replaceAll(" application.*", ""))
                .containsExactly(
                        "GET /apis/serving.knative.dev/v1/revisions?limit=500",
                        "GET /apis/serving.knative.dev/v1/revisions?limit=500&continue=a%2Fb%3D%3D",
                        "PATCH /apis/serving.knative.dev/v1/namespaces/ml/revisions/one?fieldManager=trimtab-controller",
                        "PATCH /apis/serving.knative.dev/v1/namespaces/ml/revisions/two?fieldManager=trimtab-controller");
        String reason = ": stored initial-scale 0 changed to 1: the cluster no longer allows zero";
        assertThat(heard).containsExactly("repaired one" + reason, "repaired two" + reason);
    }

    @Test
    @DisplayName("no Revisions on this cluster: nothing to do")
    void noKnative() {
        assertThat(run((method, path, body) -> Answer.status(404, "the server could not find it"), 0))
                .hasSize(1);
        assertThat(heard).isEmpty();
    }

    @Test
    @DisplayName("written by somebody else in between: read again, and patched as it is now")
    void conflict() {
        AtomicInteger version = new AtomicInteger(7);
        AtomicInteger refusals = new AtomicInteger(2);
        List<String> requests = run(
                (method, path, body) -> {
                    if (method.equals("PATCH") && refusals.getAndDecrement() > 0) {
                        version.incrementAndGet();
                        return Answer.status(refusals.get() == 0 ? 409 : 422, "testing value failed");
                    }
                    String one = revision("one", "ml", version.get(), "0");
                    return path.contains("?limit") ? list("", one) : new Answer(200, one);
                },
                1);

        assertThat(patches(requests))
                .extracting(it -> it.replaceAll(".*resourceVersion\",\"value\":\"(\\d+).*", "$1"))
                .containsExactly("7", "8", "9");
        assertThat(heard).singleElement().asString().startsWith("repaired one: ");
    }

    @Test
    @DisplayName("written by somebody else again and again: five times, and it is said once")
    void neverStill() {
        AtomicInteger version = new AtomicInteger(7);
        List<String> requests = run(
                (method, path, body) -> {
                    if (method.equals("PATCH")) {
                        version.incrementAndGet();
                        return Answer.status(409, "the object has been modified");
                    }
                    String one = revision("one", "ml", version.get(), "0");
                    return path.contains("?limit") ? list("", one) : new Answer(200, one);
                },
                0);

        assertThat(patches(requests)).hasSize(5);
        assertThat(heard).containsExactly("refused one: another client changed it each time");
    }

    @Test
    @DisplayName("repaired by somebody else in between, ignored since, or gone: fine")
    void otherwise() {
        for (Answer now : List.of(
                new Answer(200, revision("one", "ml", 8, "1")),
                new Answer(200, REVISION.formatted("one", "ml", 8, "\"trimtab.dev/ignore\": \"true\"", "0")),
                Answer.status(404, "not found"))) {
            List<String> requests = run(
                    (method, path, body) -> {
                        if (method.equals("PATCH")) {
                            return Answer.status(409, "not as it was");
                        }
                        return path.contains("?limit") ? list("", ONE) : now;
                    },
                    0);

            assertThat(patches(requests)).hasSize(now.code() == 200 ? 1 : 0);
            assertThat(heard).isEmpty();
        }
    }

    @Test
    @DisplayName("gone between reading and writing: fine, too")
    void justGone() {
        AtomicInteger patched = new AtomicInteger();
        run(
                (method, path, body) -> {
                    if (method.equals("PATCH")) {
                        patched.incrementAndGet();
                    }
                    return path.contains("?limit")
                            ? list("", ONE)
                            : patched.get() == 0 ? new Answer(200, ONE) : Answer.status(404, "not found");
                },
                0);

        assertThat(patched).hasValue(1);
        assertThat(heard).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 422})
    @DisplayName("refused by Knative, or by RBAC: said once, in its words on one line, and the next one is repaired")
    void refused(int code) {
        List<String> requests = run(
                (method, path, body) -> {
                    if (method.equals("PATCH") && path.contains("/one?")) {
                        return Answer.status(code, "validation failed: max-scale\\nmin-scale");
                    }
                    return path.contains("?limit")
                            ? list("", ONE, TWO)
                            : new Answer(200, path.contains("/one") ? ONE : TWO);
                },
                1);

        assertThat(patches(requests)).hasSize(2);
        assertThat(heard).first().isEqualTo("refused one: validation failed: max-scale; min-scale");
        assertThat(heard).last().asString().startsWith("repaired two: ");
        assertThat(heard).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 429, 500, 503})
    @DisplayName("no answer about this Revision: the caller hears of it, and tries again later")
    void away(int code) {
        for (String method : List.of("GET", "PATCH")) {
            assertThatThrownBy(() -> run(
                            (asked, path, body) -> {
                                if (asked.equals(method)) {
                                    return Answer.status(code, "not now");
                                }
                                return path.contains("?limit") ? list("", ONE, TWO) : new Answer(200, ONE);
                            },
                            0))
                    .isInstanceOf(KubernetesClientException.class)
                    .hasMessageContaining("not now");
            assertThat(heard).isEmpty();
        }
    }

    private List<String> run(Script script, int repaired) {
        heard.clear();
        RepairListener listener = new RepairListener() {
            @Override
            public void repaired(Manifest revision, String reason) {
                heard.add("repaired " + revision.name() + ": " + reason);
            }

            @Override
            public void refused(Manifest revision, String why) {
                heard.add("refused " + revision.name() + ": " + why);
            }
        };
        try (ScriptedApiServer server = new ScriptedApiServer(script);
                KubernetesClient client = new KubernetesClientBuilder()
                        .withConfig(new ConfigBuilder(Config.empty())
                                .withMasterUrl(server.url())
                                .withRequestRetryBackoffLimit(0)
                                .build())
                        .build()) {
            assertThat(new RevisionRepairs(client, Set.of("kserve")::contains, listener).run(KnativeConfig.DEFAULTS))
                    .isEqualTo(repaired);
            return List.copyOf(server.requests);
        }
    }

    private static Stream<String> patches(List<String> requests) {
        return requests.stream().filter(it -> it.startsWith("PATCH"));
    }

    private static Answer list(String next, String... items) {
        return new Answer(200, LIST.formatted(next, String.join(",", items)));
    }

    private static String revision(String name, String namespace, int version, String initialScale) {
        return REVISION.formatted(name, namespace, version, "", initialScale);
    }
}

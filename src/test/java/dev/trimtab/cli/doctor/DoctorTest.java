package dev.trimtab.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.Cli;
import dev.trimtab.cli.ScriptedApiServer;
import dev.trimtab.cli.ScriptedApiServer.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code trimtab doctor}: what is asked, what is printed, and clusters that do not answer as one would like. */
class DoctorTest {
    private static final Answer NONE = Answer.status(404, "not found");
    private static final String REVIEWS = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    private static final String HEALTH = """
            {"status": "UP", "checks": [{"name": "policy and cluster configuration read", "data": {"policy": "loaded"}}]}""";

    @TempDir
    private static Path made;

    @TempDir
    private Path folder;

    private static MadeCertificates certificates;
    private final Map<String, Answer> answers = new HashMap<>();

    @BeforeAll
    static void certificates() {
        certificates = MadeCertificates.in(made.resolve("ca"));
    }

    @BeforeEach
    void healthy() {
        HealthyCluster cluster = new HealthyCluster(certificates.ca(), certificates.served(), Instant.now());
        for (Source source : Source.values()) {
            if (source.hasPath()) {
                answers.put(
                        source.path(HealthyCluster.PLACES, "trimtab-webhook-tls"),
                        new Answer(200, cluster.value(source).toString()));
            }
        }
        for (String pod : List.of("trimtab-a", "trimtab-b", "trimtab-controller-a")) {
            answers.put(proxy(pod), new Answer(200, HEALTH));
        }
        answers.put(REVIEWS, new Answer(201, "{\"status\": {\"allowed\": true}}"));
        answers.put("/apis/serving.knative.dev/v1", new Answer(200, "{}"));
    }

    @Test
    @DisplayName("all is well: one line for each thing that was looked at, and exit code 0")
    void fine() {
        Cli doctor = run("doctor");
        assertThat(doctor.err()).isEmpty();
        assertThat(doctor.code()).as(doctor.out()).isZero();
        assertThat(doctor.out())
                .startsWith(
                        "fine       webhooks      MutatingWebhookConfiguration trimtab.dev: exists with every entry")
                .contains("fine       policy        Pod trimtab/trimtab-b: its policy is loaded\n")
                .endsWith("\n\n0 problems, 0 warnings, 0 not checked, 24 fine\n");
    }

    @Test
    @DisplayName("the urgent first, each with what to do; exit code 1")
    void findings() {
        answers.put(Source.ENDPOINTS.path(HealthyCluster.PLACES, ""), new Answer(200, "{\"items\": []}"));
        answers.put(
                Source.LEASE.path(HealthyCluster.PLACES, ""),
                Answer.status(
                        403,
                        "leases is forbidden: User \\\"eve\\\" cannot get resource \\\"leases\\\" in API group"
                                + " \\\"coordination.k8s.io\\\" in the namespace \\\"trimtab\\\""));
        Cli doctor = run("doctor");
        assertThat(doctor.code()).isEqualTo(1);
        assertThat(doctor.out()).startsWith("""
                problem    replicas      Service trimtab/trimtab-webhook: has no ready replica: new objects pass unfilled, and with the closed door KServe's updates of filled services are refused
                                         do: kubectl -n trimtab get pods; kubectl -n trimtab describe deployment trimtab
                unchecked  controller    Lease trimtab/trimtab-controller: no right to get leases.coordination.k8s.io
                fine       webhooks\
                """);
        assertThat(doctor.out()).endsWith("1 problem, 0 warnings, 1 not checked, 22 fine\n");
    }

    @Test
    @DisplayName("the fields of JSON, word by word")
    void json() throws IOException {
        answers.put(Source.ENDPOINTS.path(HealthyCluster.PLACES, ""), new Answer(200, "{\"items\": []}"));
        answers.put(proxy("trimtab-b"), Answer.status(404, "no such pod"));
        Cli doctor = run("doctor", "-o", "json");
        assertThat(doctor.code()).isEqualTo(1);
        Path golden = Path.of("src/test/resources/doctor.json");
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(golden, doctor.out());
        }
        assertThat(doctor.out()).isEqualTo(Files.readString(golden));
    }

    @Test
    @DisplayName("a lacking right, a format without a runtime: from the cluster to the line")
    void fromTheCluster() {
        String kserve = "/apis/serving.kserve.io/v1alpha1/";
        answers.put(Source.POLICY.path(HealthyCluster.PLACES, ""), new Answer(200, """
                {"data": {"policy.yaml": "apiVersion: trimtab.dev/v1alpha1\\nkind: Policy\\nprofiles: [{name: p, match: {modelFormats: [vlm]}}]"}}"""));
        answers.put(kserve + "clusterservingruntimes", new Answer(200, """
                {"items": [{"spec": {"supportedModelFormats": [{"name": "vLLM"}]}}]}"""));
        try (ScriptedApiServer server = new ScriptedApiServer((method, path, body) -> {
            boolean denied = body.contains("\"trimtab-controller\"") || body.contains(":trimtab-controller\"");
            return path.equals(REVIEWS) && denied && body.contains("\"delete\"") && body.contains("\"pods\"")
                    ? new Answer(201, "{\"status\": {\"allowed\": false}}")
                    : answer(path);
        })) {
            assertThat(server.run(folder, "doctor").out())
                    .contains("""
                            problem    permissions   ServiceAccount trimtab/trimtab-controller: may not delete pods: ClusterRole trimtab-controller
                            """)
                    .contains("""
                            warning    model-formats profile p: is for the model format vlm, and no ServingRuntime has that
                                                     do: write vLLM, if you mean that (docs/policy.md)
                            """)
                    .contains("\n1 problem, 1 warning, ");
            assertThat(server.requests.stream().filter(it -> it.startsWith("POST")))
                    .as("rights alone are asked by POST")
                    .allMatch(it -> it.startsWith("POST " + REVIEWS));
        }
    }

    @Test
    @DisplayName("--write: a dry-run of a Knative Service, of an InferenceService without Knative")
    void write() {
        String path = "/apis/serving.knative.dev/v1/namespaces/ml/services?dryRun=All";
        answers.put(path, new Answer(201, "{\"metadata\": {\"annotations\": {\"trimtab.dev/filled\": \"{}\"}}}"));
        assertThat(run("doctor", "--write").out())
                .containsPattern(
                        "fine       write         dry-run create of Service in namespace ml: Trimtab filled it, in \\d+ ms\n");
        answers.put(path, new Answer(201, "{}"));
        assertThat(run("doctor", "--write"))
                .satisfies(
                        it -> assertThat(it.out())
                                .startsWith(
                                        "problem    write         dry-run create of Service in namespace ml: passed unfilled, in "))
                .extracting(Cli::code)
                .isEqualTo(1);
        answers.put(path, Answer.status(403, "admission webhook \\\"validate.example\\\" denied the request: no"));
        assertThat(run("doctor", "--write").out()).startsWith("""
                problem    write         dry-run create of Service in namespace ml: webhook validate.example refused it: services: admission webhook "validate.example" denied the request: no
                                         do: ask whoever runs it, or choose another namespace with -n
                """);
        answers.remove("/apis/serving.knative.dev/v1");
        answers.put(
                "/apis/serving.kserve.io/v1beta1/namespaces/other/inferenceservices?dryRun=All",
                new Answer(201, "{\"spec\": {\"predictor\": {\"timeout\": 12}}}"));
        assertThat(run("doctor", "--write", "-n", "other").out())
                .containsPattern(
                        "dry-run create of InferenceService in namespace other: Trimtab filled it, in \\d+ ms\n");
    }

    @Test
    @DisplayName(
            "with the rights for --write alone, the other checks are unchecked, and the exit code is that of the write")
    void onlyWrite() {
        String path = "/apis/serving.knative.dev/v1/namespaces/ml/services?dryRun=All";
        try (ScriptedApiServer server = new ScriptedApiServer((method, asked, body) -> {
            if (asked.equals(path)) {
                return new Answer(201, "{\"metadata\": {\"annotations\": {\"trimtab.dev/filled\": \"{}\"}}}");
            }
            return asked.equals("/version") || asked.equals("/apis/serving.knative.dev/v1")
                    ? answer(asked)
                    : Answer.status(403, "not you");
        })) {
            Cli doctor = server.run(folder, "doctor", "--write");
            assertThat(doctor.code()).as(doctor.out()).isZero();
            assertThat(doctor.out()).contains("0 problems, 0 warnings, ").endsWith(" not checked, 2 fine\n");
        }
    }

    @Test
    @DisplayName("nobody at the address, bad credentials, no right at all: one line, exit code 2, nothing printed")
    void trouble() {
        Cli gone = Cli.run("doctor", "--kubeconfig", ScriptedApiServer.kubeconfig(folder, "http://127.0.0.1:1"));
        assertThat(gone.code()).isEqualTo(2);
        assertThat(gone.out()).isEmpty();
        assertThat(gone.errors())
                .singleElement()
                .asString()
                .startsWith("the cluster at http://127.0.0.1:1/ cannot be reached: ");
        for (int code : new int[] {401, 403}) {
            try (ScriptedApiServer server =
                    new ScriptedApiServer((method, path, body) -> Answer.status(code, "not you"))) {
                Cli refused = server.run(folder, "doctor");
                assertThat(refused.code()).isEqualTo(2);
                assertThat(refused.out()).isEmpty();
                assertThat(refused.errors()).hasSize(1).allMatch(it -> it.contains("not you"));
            }
        }
    }

    @Test
    @DisplayName("the cluster goes away in the middle: one line, exit code 2")
    void goneInTheMiddle() {
        try (ScriptedApiServer server = new ScriptedApiServer((method, path, body) -> {
            if (path.contains("endpointslices")) {
                throw new IllegalStateException("the connection breaks");
            }
            return answer(path);
        })) {
            Cli gone = server.run(folder, "doctor");
            assertThat(gone.code()).isEqualTo(2);
            assertThat(gone.out()).isEmpty();
            assertThat(gone.errors()).singleElement().asString().startsWith("the cluster at ");
        }
    }

    @Test
    @DisplayName("pods that the API server cannot reach are asked once: the first wait is long enough")
    void hiddenPods() {
        for (String pod : List.of("trimtab-a", "trimtab-b", "trimtab-controller-a")) {
            answers.put(proxy(pod), Answer.status(500, "error trying to reach service: dial tcp: i/o timeout"));
        }
        try (ScriptedApiServer server = new ScriptedApiServer((method, path, body) -> answer(path))) {
            Cli doctor = server.run(folder, "doctor");
            assertThat(doctor.code()).isZero();
            assertThat(doctor.out())
                    .contains("Pod trimtab/trimtab-a: cannot be asked through the API server: readiness check of pod")
                    .contains("Pod trimtab/trimtab-b: not asked: another pod did not answer");
            assertThat(server.requests).noneMatch(it -> it.contains("trimtab-b:9000"));
        }
    }

    private static String proxy(String pod) {
        return "/api/v1/namespaces/trimtab/pods/%s:9000/proxy/q/health/ready".formatted(pod);
    }

    private Answer answer(String path) {
        return answers.getOrDefault(path.replaceAll("[?&]limit=.*", ""), NONE);
    }

    private Cli run(String... args) {
        try (ScriptedApiServer server = new ScriptedApiServer((method, path, body) -> answer(path))) {
            return server.run(folder, args);
        }
    }
}

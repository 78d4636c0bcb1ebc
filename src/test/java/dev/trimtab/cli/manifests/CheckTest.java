package dev.trimtab.cli.manifests;

import static dev.trimtab.cli.Cli.CONFIG_MAP;
import static dev.trimtab.cli.Cli.CONFLICT;
import static dev.trimtab.cli.Cli.SERVICE;
import static dev.trimtab.cli.Cli.write;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trimtab.cli.Cli;
import dev.trimtab.cli.manifests.CheckReport.Github;
import dev.trimtab.cli.manifests.CheckReport.RulePage;
import dev.trimtab.cli.manifests.CheckReport.Sarif;
import dev.trimtab.cli.manifests.CheckRun.CheckedObject;
import dev.trimtab.cli.manifests.CheckRun.CheckedObject.Finding;
import dev.trimtab.cli.manifests.CheckRun.CheckedObject.Finding.Level;
import dev.trimtab.policy.AibrixCheck;
import dev.trimtab.yaml.YamlDocument.Position;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** {@code trimtab check}: exit code 1 with each clamp and refusal, where its author wrote it. */
class CheckTest {
    private static final String DENY = """
            apiVersion: trimtab.dev/v1alpha1
            kind: Policy
            conflicts: Deny
            """;

    private static final String LLAMA = """
            apiVersion: serving.kserve.io/v1beta1
            kind: InferenceService
            metadata:
              name: llama
              annotations:
                autoscaling.knative.dev/initial-scale: "7"
            spec:
              predictor:
                maxReplicas: 3
                model: {modelFormat: {name: huggingface}}
              transformer:
                maxReplicas: 4
                annotations: {autoscaling.knative.dev/initial-scale: "9"}
                containers: [{name: kserve-container, image: registry.example/transform}]
            """;

    @TempDir
    private Path folder;

    @Test
    @DisplayName("nothing to find: what is only filled is no finding")
    void nothing() {
        assertThat(Cli.runWith(SERVICE + "---\n" + CONFIG_MAP, "check", "-f", "-"))
                .isEqualTo(new Cli(0, "1 object: nothing would be clamped or refused; 1 of another kind\n", ""));
    }

    @Test
    @DisplayName("a clamp: file, line and column of the author's value")
    void clamp() {
        String file = write(folder, "eager.yaml", SERVICE + "---\n" + CONFLICT);

        assertThat(Cli.run("check", "-f", file)).isEqualTo(new Cli(1, """
                        %s:24:48: clamped: Service eager: initial-scale: initial-scale 7 lowered to max-scale 3
                        2 objects: 1 clamped
                        """.formatted(file), ""));
    }

    @Test
    @DisplayName("what is only warned of stands at the field that it is about")
    void warnings() {
        String service = """
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata:
                  name: eager
                spec:
                  template:
                    metadata:
                      annotations:
                        trimtab.dev/startup-seconds: "15m"
                    spec:
                      containers:
                        - image: registry.example/model
                          resources:
                            limits:
                              nvidia.com/gpu: "1"
                              aliyun.com/gpu-mem: 300
                """;

        assertThat(Cli.runWith(service, "check", "-f", "-").out())
                .contains(
                        "stdin:9:38: warning: Service eager: own-values",
                        "stdin:16:35: warning: Service eager: gpu-family");
    }

    @Test
    @DisplayName("of what KServe will render a warning stands at the component's field")
    void forecastWarnings() {
        String service = """
                apiVersion: serving.kserve.io/v1beta1
                kind: InferenceService
                metadata:
                  name: llama
                  annotations:
                    trimtab.dev/max-response-seconds: "1e3"
                spec:
                  predictor:
                    schedulerName: volcano
                    model:
                      modelFormat: {name: huggingface}
                      runtimeVersion: v1
                      resources:
                        limits: {aliyun.com/gpu-mem: 300}
                """;

        assertThat(Cli.runWith(service, "check", "-f", "-").out())
                .contains("stdin:6:39: warning", "stdin:9:20: refused", "stdin:14:38: warning");
    }

    @Test
    @DisplayName("what KServe will render: where the author of the InferenceService wrote it")
    void rendered() {
        assertThat(Cli.runWith(LLAMA, "check", "-f", "-")).isEqualTo(new Cli(1, """
                        stdin:6:44: clamped: InferenceService llama: initial-scale: predictor: initial-scale 7 lowered to max-scale 3
                        stdin:13:58: clamped: InferenceService llama: initial-scale: transformer: initial-scale 9 lowered to max-scale 4
                        1 object: 2 clamped
                        """, ""));
    }

    @Test
    @DisplayName("maxReplicas above what the cluster allows: at maxReplicas")
    void replicas() {
        String knative = write(folder, "knative.yaml", """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: config-autoscaler}
                data: {max-scale-limit: "2", max-scale: "2"}
                """);

        String service = """
                apiVersion: serving.kserve.io/v1beta1
                kind: InferenceService
                metadata: {name: x}
                spec:
                  predictor:
                    maxReplicas: 5
                    sklearn: {storageUri: gs://x}
                """;

        assertThat(Cli.runWith(service, "check", "-f", "-", "--knative", knative)
                        .out())
                .startsWith("stdin:6:18: clamped: InferenceService x: max-scale: predictor: max-scale 5 lowered");
    }

    @Test
    @DisplayName("a policy that denies, and what Knative itself refuses")
    void refusals() {
        String policy = write(folder, "policy.yaml", DENY);
        String refused = SERVICE.replace("image: registry.example/hello", "name: 'no name'");

        assertThat(Cli.runWith(CONFLICT + "---\n" + refused, "check", "-f", "-", "--policy", policy))
                .isEqualTo(new Cli(1, """
                        stdin:9:48: refused: Service eager: initial-scale: initial-scale 7 is above max-scale 3: more pods than that would start
                        stdin:24:9: refused: Service hello: knative: Knative refuses it: missing field(s): spec.template.spec.containers[0].image
                        2 objects: 2 refused
                        """, """
                        stdin: Service hello is not a complete object (spec.template.spec has no container with an image), left unchanged: if it is a patch, check what is rendered by trimtab check -k DIR
                        """));
    }

    @Test
    @DisplayName("in Audit mode nothing is clamped or refused: warnings, and exit code 0")
    void audit() {
        String policy = write(folder, "policy.yaml", DENY.replace("conflicts: Deny", "mode: Audit"));

        assertThat(Cli.runWith(CONFLICT, "check", "-f", "-", "--policy", policy))
                .isEqualTo(new Cli(0, """
                        stdin:9:48: warning: Service eager: initial-scale: (audit) initial-scale 7 would be lowered to max-scale 3
                        1 object: 1 warning
                        """, ""));
    }

    @Test
    @DisplayName("the items of a List, one by one")
    void list() {
        String list = "apiVersion: v1\nkind: List\nitems:\n- " + CONFLICT.replace("\n", "\n  ");

        assertThat(Cli.runWith(list, "check", "-f", "-").out())
                .startsWith("stdin:12:50: clamped: Service eager: initial-scale: ");
    }

    @Test
    @DisplayName("PodAutoscalers: what is denied is refused, and two of one target are found wherever they stand")
    void autoscalers() {
        String one = """
                apiVersion: autoscaling.aibrix.ai/v1alpha1
                kind: PodAutoscaler
                metadata:
                  name: one
                  annotations:
                    autoscaling.aibrix.ai/panic-threshold: "200"
                spec:
                  scalingStrategy: APA
                  maxReplicas: 3
                  metricsSources:
                  - {metricSourceType: pod, protocolType: http, port: "8000", path: metrics, targetMetric: queue, targetValue: "10"}
                  scaleTargetRef: {kind: Deployment, name: llama}
                """;
        String other = one.replace("name: one", "name: other")
                .replace("\"200\"", "\"2\"")
                .replace("queue", "max_lora");

        assertThat(Cli.runWith(one + "---\n" + other, "check", "-f", "-")).isEqualTo(new Cli(1, """
                        stdin:12:19: refused: PodAutoscaler one: A1: spec.scaleTargetRef: Deployment default/llama is scaled by PodAutoscaler default/other too: AIBrix heeds the one that it saw first; keep one of them
                        stdin:11:92: warning: PodAutoscaler one: A8: spec.metricsSources[0].targetMetric: AIBrix does not know queue and may count it as 0, which means the minimum: take one that it knows, such as num_requests_waiting
                        stdin:6:44: refused: PodAutoscaler one: A12: metadata.annotations["autoscaling.aibrix.ai/panic-threshold"]: "200" is not a ratio above 1 and at most 10 (no percentage), such as "2.0": AIBrix takes its default, and perhaps not your other annotations
                        stdin:25:19: refused: PodAutoscaler other: A1: spec.scaleTargetRef: Deployment default/llama is scaled by PodAutoscaler default/one too: AIBrix heeds the one that it saw first; keep one of them
                        2 objects: 3 refused, 1 warning
                        """, ""));
        assertThat(Cli.runWith(one, "check", "-f", "-", "-o", "sarif").out())
                .contains(
                        "\"text\": \"Check A12 of PodAutoscalers\"",
                        "See docs/aibrix.md.",
                        "\"helpUri\": \"https://github.com/trimtab/trimtab/blob/main/docs/aibrix.md#a12-deny\"");
        assertThat(Cli.runWith(other, "fix", "-f", "-").out())
                .isEqualTo(other.replace(
                        "{kind: Deployment, name: llama}", "{kind: Deployment, name: llama, apiVersion: apps/v1}"));
    }

    @Test
    @DisplayName("a PodAutoscaler that Trimtab keeps off is not checked here either")
    void leftAlone() {
        String faulty = """
                apiVersion: autoscaling.aibrix.ai/v1alpha1
                kind: PodAutoscaler
                metadata: {name: one, %s}
                spec: {scalingStrategy: APA, maxReplicas: 0, scaleTargetRef: {kind: Deployment, name: llama}}
                """;

        assertThat(Cli.runWith(faulty.formatted("namespace: ml"), "check", "-f", "-")
                        .code())
                .isEqualTo(1);
        for (String off : List.of("labels: {trimtab.dev/ignore: \"true\"}", "namespace: kube-system")) {
            assertThat(Cli.runWith(faulty.formatted(off), "check", "-f", "-"))
                    .isEqualTo(new Cli(0, "1 object: nothing would be clamped or refused\n", ""));
        }
    }

    @Test
    @DisplayName("JUnit: a suite for each file, a case for each object; what XML cannot hold is replaced")
    void junit() throws Exception {
        String good = write(folder, "good.yaml", SERVICE);
        String odd =
                write(folder, "<odd> & \"so\".yaml", CONFLICT + "---\n" + SERVICE.replace("hello", "\"he\\u0001\""));

        Cli check = Cli.run("check", "-f", good, odd, "-o", "junit");
        Document xml = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(check.out().getBytes(StandardCharsets.UTF_8)));

        assertThat(check.code()).isEqualTo(1);
        assertThat(xml.getDocumentElement().getAttribute("tests")).isEqualTo("3");
        assertThat(xml.getDocumentElement().getAttribute("failures")).isEqualTo("2");
        Element suite = (Element) xml.getElementsByTagName("testsuite").item(1);
        assertThat(suite.getAttribute("name")).isEqualTo(odd);
        Element failure = (Element) suite.getElementsByTagName("failure").item(0);
        assertThat(((Element) failure.getParentNode()).getAttribute("name")).isEqualTo("default/Service eager");
        assertThat(failure.getAttribute("type")).isEqualTo("clamped");
        assertThat(failure.getTextContent().strip())
                .isEqualTo(
                        odd + ":9:48: clamped: Service eager: initial-scale: initial-scale 7 lowered to max-scale 3");
    }

    @Test
    @DisplayName("SARIF: a result with its place, and each rule once")
    void sarif() throws Exception {
        write(folder, "sub dir/eager.yaml", CONFLICT + "---\n" + CONFLICT.replace("eager", "other"));
        String file = folder.resolve("sub dir/eager.yaml").toString();

        Cli check = Cli.run("check", "-f", file, "-o", "sarif");
        JsonNode run = new JsonMapper().readTree(check.out()).at("/runs/0");

        assertThat(check.code()).isEqualTo(1);
        assertThat(run.at("/tool/driver/rules")).hasSize(1);
        assertThat(run.at("/tool/driver/rules/0/id").asText()).isEqualTo("initial-scale");
        assertThat(run.at("/results")).hasSize(2);
        JsonNode result = run.at("/results/1");
        assertThat(result.path("ruleIndex").asInt()).isZero();
        assertThat(result.path("level").asText()).isEqualTo("warning");
        assertThat(result.at("/message/text").asText())
                .isEqualTo("Service other: initial-scale: initial-scale 7 lowered to max-scale 3");
        assertThat(result.at("/locations/0/physicalLocation/artifactLocation/uri")
                        .asText())
                .isEqualTo(Path.of(file).toUri().toString())
                .contains("sub%20dir");
        assertThat(result.at("/locations/0/physicalLocation/region").toString())
                .isEqualTo("{\"startLine\":20,\"startColumn\":48}");
    }

    @Test
    @DisplayName("SARIF: a relative name stays one, whatever is in it")
    void relativeNames() {
        StringWriter out = new StringWriter();
        Sarif report = new Sarif(new PrintWriter(out));
        Position at = new Position(1, 1);
        for (String file : List.of("models/../a b.yaml", "a:b.yaml", "stdin", "ü.yaml")) {
            report.add(new CheckedObject(
                    ManifestFile.printedBy(file),
                    at,
                    "Service x",
                    "ml",
                    List.of(new Finding(Level.CLAMPED, "r", at, "m"))));
        }
        report.end(0, true);

        assertThat(out.toString())
                .contains(
                        "\"uri\": \"a%20b.yaml\"",
                        "\"uri\": \"./a:b.yaml\"", "\"uri\": \"stdin\"", "\"uri\": \"%C3%BC.yaml\"");
    }

    @Test
    @DisplayName("GitHub: one command for each finding, with the summary below")
    void github() {
        String file = write(folder, "models/eager.yaml", CONFLICT);
        String warned = SERVICE.replace("min-scale: \"1\"", "target: \"10\"") + "      containerConcurrency: 2\n";
        String other = write(folder, "warned.yaml", warned);

        Cli check = Cli.run("check", "-f", folder + "/./models/eager.yaml", other, "-o", "github");

        assertThat(check.code()).isEqualTo(1);
        assertThat(check.out().lines())
                .startsWith(
                        "::warning file=%s,line=9,col=48,title=Trimtab%%3A initial-scale::%s/./models/eager.yaml:9:48:"
                                        .formatted(file, folder)
                                + " clamped: Service eager: initial-scale: initial-scale 7 lowered to max-scale 3")
                .endsWith("2 objects: 1 clamped, 1 warning")
                .anyMatch(it -> it.startsWith("::notice file=" + other + ",line="));
        assertThat(Cli.runWith(CONFLICT, "check", "-f", "-", "-o", "github").out())
                .as("standard input is no file of the pull request")
                .startsWith("::warning title=Trimtab%3A initial-scale::stdin:9:48: clamped: ");
    }

    @Test
    @DisplayName("GitHub: what would end a command or a property is escaped")
    void githubEscapes() {
        StringWriter out = new StringWriter();
        Github report = new Github(new PrintWriter(out));
        Position at = new Position(1, 2);
        report.add(new CheckedObject(
                new ManifestFile("a,b:100%.yaml", Optional.of(Path.of("a")), false),
                at,
                "Service x",
                "ml",
                List.of(new Finding(Level.REFUSED, "r", at, "50%\r\n::error::no, 1:2"))));

        assertThat(out.toString())
                .isEqualTo("::error file=a%2Cb%3A100%25.yaml,line=1,col=2,title=Trimtab%3A r::"
                        + "a,b:100%25.yaml:1:2: refused: Service x: r: 50%25%0D%0A::error::no, 1:2\n");
    }

    @Test
    @DisplayName("each finding points to a heading that the docs have")
    void rulePages() throws Exception {
        List<String> names = new ArrayList<>(List.of("knative", "types", "whole-object", "api-version"));
        Files.readAllLines(Path.of("docs/rules.md")).stream()
                .filter(it -> it.startsWith("## "))
                .forEach(it -> names.add(it.substring(3)));
        Stream.of(AibrixCheck.values()).map(AibrixCheck::term).forEach(names::add);
        for (String name : names) {
            RulePage page = RulePage.of(name);
            assertThat(Files.readAllLines(Path.of(page.file())).stream()
                            .filter(it -> it.startsWith("#"))
                            .map(it -> it.replaceFirst("#+ ", "")
                                    .toLowerCase(Locale.ROOT)
                                    .replace(":", "")
                                    .replace(' ', '-')))
                    .as(name)
                    .contains(page.anchor());
        }
    }

    @Test
    @DisplayName("SARIF of nothing is a run without results")
    void cleanSarif() throws Exception {
        Cli check = Cli.runWith(SERVICE, "check", "-f", "-", "-o", "sarif");

        assertThat(check.code()).isZero();
        assertThat(new JsonMapper().readTree(check.out()).at("/runs/0/results").toString())
                .isEqualTo("[]");
    }

    @Test
    @DisplayName("bad input: exit code 2, and a report of the rest in every format")
    void badInput() {
        for (String format : new String[] {"text", "junit", "sarif", "github"}) {
            Cli check = Cli.runWith(CONFLICT + "---\na: [\n", "check", "-f", "-", "-o", format);
            assertThat(check.code()).isEqualTo(2);
            assertThat(check.out()).contains("initial-scale 7 lowered to max-scale 3");
            assertThat(check.err())
                    .isEqualTo(
                            "stdin:13:1: expected the node content, but found '<stream end>' (while parsing a flow node)\n");
        }
    }

    @Test
    @DisplayName("--strict: a warning fails the check")
    void strict() {
        String warned = SERVICE.replace("min-scale: \"1\"", "target: \"10\"") + "      containerConcurrency: 2\n";
        Cli check = Cli.runWith(warned, "check", "-f", "-");

        assertThat(check.code()).isZero();
        assertThat(check.out()).contains(": warning: ");
        assertThat(Cli.runWith(warned, "check", "-f", "-", "--strict")).isEqualTo(new Cli(1, check.out(), ""));
        assertThat(Cli.runWith(SERVICE, "check", "-f", "-", "--strict").code()).isZero();
    }
}

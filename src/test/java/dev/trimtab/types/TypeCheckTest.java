package dev.trimtab.types;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.Cli;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code check} says of a value of another type: where, what is wrong, what to write. */
class TypeCheckTest {
    private static final String CONTAINER = """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: t}
            spec: {template: {spec: {containers: [{image: x, %s}]}}}
            """;
    private static final String TEMPLATE = """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: t}
            spec: {template: {metadata: {%s}, spec: {containers: [{image: x}]}}}
            """;
    private static final String PREDICTOR = """
            apiVersion: serving.kserve.io/v1beta1
            kind: InferenceService
            metadata: {name: t}
            spec: {predictor: {containers: [{name: c, image: x}], %s}}
            """;
    private static final String GRAPH = """
            apiVersion: serving.kserve.io/v1alpha1
            kind: InferenceGraph
            metadata: {name: t}
            spec: {nodes: {root: {routerType: Sequence, steps: [{serviceName: a}]}}, %s}
            """;
    private static final Pattern FINDING = Pattern.compile("in\\.yaml:4:\\d+: refused: \\w+ t: types: (.*)");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @DisplayName("in a container of a Knative Service")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            env: [{name: A, value: 8080}]            | env[0].value: a number where text belongs: write "8080" in quotes
            env: [{name: A, value: 1.0}]             | env[0].value: a number where text belongs: write "1.0" in quotes
            env: [{name: A, value: 0x1F}]            | env[0].value: a number where text belongs: write "0x1F" in quotes
            env: [{name: A, value: on}]              | env[0].value: a boolean where text belongs: write "on" in quotes
            env: [{name: N, value: a}]               | env[0].name: a boolean where text belongs: write "N" in quotes
            env: [{name: A, value: {a: b}}]          | env[0].value: a map where text belongs
            env: {A: b}                              | env: a map where a list belongs: write - before its first key
            args: [--port, 8080]                     | args[1]: a number where text belongs: write "8080" in quotes
            args: --port                             | args: text where a list belongs: write ["--port"]
            ports: [{containerPort: "8080"}]         | ports[0].containerPort: text where a whole number belongs: write 8080 without quotes
            ports: [{containerPort: http}]           | ports[0].containerPort: text where a whole number belongs
            ports: [{containerPort: 80.5}]           | ports[0].containerPort: a fraction where a whole number belongs
            ports: [{containerPort: 99999999999}]    | ports[0].containerPort: a number outside of -2147483648 to 2147483647
            readinessProbe: {periodSeconds: "5"}     | readinessProbe.periodSeconds: text where a whole number belongs: write 5 without quotes
            readinessProbe: {httpGet: {port: 80.5}}  | readinessProbe.httpGet.port: not a whole number of 32 bits where a whole number or text belongs
            readinessProbe: {httpGet: {port: yes}}   | readinessProbe.httpGet.port: a boolean where a whole number or text belongs
            securityContext: {privileged: "false"}   | securityContext.privileged: text where true or false belongs: write false without quotes
            securityContext: {runAsUser: "1000"}     | securityContext.runAsUser: text where a whole number belongs: write 1000 without quotes
            resources: {limits: {memory: 2GB}}       | resources.limits.memory: text that is not an amount: write 2G or 2Gi
            resources: {limits: {memory: "2 Gi"}}    | resources.limits.memory: text that is not an amount: write 2Gi
            resources: {limits: {memory: ""}}        | resources.limits.memory: text that is not an amount: write an amount such as 500m or 2Gi
            resources: {requests: {cpu: "1 core"}}   | resources.requests.cpu: text that is not an amount: write 1
            resources: {limits: {cpu: half}}         | resources.limits.cpu: text that is not an amount: write an amount such as 500m or 2Gi
            resources: {limits: {cpu: true}}         | resources.limits.cpu: a boolean where an amount belongs
            resources: 2Gi                           | resources: text where a map belongs
            envFrom: [{configMapRef: settings}]      | envFrom[0].configMapRef: text where a map belongs: write {name: settings}
            """)
    void container(String written, String message) {
        assertThat(findings(CONTAINER.formatted(written)))
                .containsExactly("spec.template.spec.containers[0]." + message);
    }

    @ParameterizedTest
    @DisplayName("in the metadata of a template, an InferenceService and an InferenceGraph")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            t | annotations: {autoscaling.knative.dev/max-scale: 3} | spec.template.metadata.annotations.autoscaling.knative.dev/max-scale: a number where text belongs: write "3" in quotes
            t | labels: {canary: true}         | spec.template.metadata.labels.canary: a boolean where text belongs: write "true" in quotes
            p | maxReplicas: "3"               | spec.predictor.maxReplicas: text where a whole number belongs: write 3 without quotes
            p | minReplicas: 2.5               | spec.predictor.minReplicas: a fraction where a whole number belongs
            p | annotations: {a: 1}            | spec.predictor.annotations.a: a number where text belongs: write "1" in quotes
            p | model: {modelFormat: sklearn}  | spec.predictor.model.modelFormat: text where a map belongs: write {name: sklearn}
            p | sklearn: {env: [{name: A, value: 1}]} | spec.predictor.sklearn.env[0].value: a number where text belongs: write "1" in quotes
            p | canaryTrafficPercent: "10"     | spec.predictor.canaryTrafficPercent: text where a whole number belongs: write 10 without quotes
            p | nodeSelector: {gpu: true}      | spec.predictor.nodeSelector.gpu: a boolean where text belongs: write "true" in quotes
            p | imagePullSecrets: [registry]   | spec.predictor.imagePullSecrets[0]: text where a map belongs: write {name: registry}
            g | maxReplicas: "3"               | spec.maxReplicas: text where a whole number belongs: write 3 without quotes
            g | timeout: 60s                   | spec.timeout: text where a whole number belongs
            """)
    void elsewhere(String where, String written, String message) {
        String kind = where.equals("t") ? TEMPLATE : where.equals("p") ? PREDICTOR : GRAPH;
        assertThat(findings(kind.formatted(written))).containsExactly(message);
    }

    @ParameterizedTest
    @DisplayName("what the API server reads, or drops, is no finding")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            env: [{name: A, value: "8080"}, {name: B, value: ~}, {name: C}]
            resources: {limits: {cpu: 1.5, memory: 2147483648, nvidia.com/gpu: "1", ephemeral-storage: " 1Gi "}}
            resources: {limits: ~, requests: {}}
            readinessProbe: {httpGet: {path: /}, periodSeconds: 5}
            lifecycle: 5
            securityContext: {runAsUser: 1000, runAsNonRoot: true}
            """)
    void fine(String written) {
        assertThat(findings(CONTAINER.formatted(written))).isEmpty();
    }

    private List<String> findings(String manifest) {
        Path file = folder.resolve("in.yaml");
        try {
            Files.writeString(file, manifest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Cli check = Cli.run("check", "-f", file.toString());
        assertThat(check.err()).isEmpty();
        Stream<String> lines = check.out().lines().map(line -> line.replace(folder + "/", ""));
        return lines.map(FINDING::matcher)
                .filter(Matcher::matches)
                .map(it -> it.group(1))
                .toList();
    }
}

package dev.trimtab.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.trimtab.policy.PolicyProblem.Problems;
import dev.trimtab.policy.YamlValue.YamlText;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** An editor with docs/policy.schema.json is content with every policy that loads, and marks most of the others. */
class PolicySchemaValidationTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonSchema schema;

    PolicySchemaValidationTest() throws IOException {
        schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                .getSchema(Files.readString(PolicySchemaTest.FILE));
    }

    static Stream<String> valid() throws IOException {
        return Stream.of(
                        Stream.of(PolicyLoaderTest.HEADER, PolicyLoaderTest.EVERY_KEY),
                        PolicyLoaderTest.valid().map(PolicyLoaderTest.HEADER::concat),
                        ServingProblemsTest.valid().map(ServingProblemsTest.PROFILE::concat),
                        ProbesProblemsTest.handlers().map(handler -> ProbesProblemsTest.READINESS + handler.get()[0]),
                        PolicyTexts.inDocs())
                .flatMap(texts -> texts);
    }

    @ParameterizedTest
    @MethodSource("valid")
    void accepts(String policy) {
        assertThat(PolicyLoader.load(policy).problems()).isEmpty();
        assertThat(schema.validate(json(policy))).isEmpty();
    }

    /** What a schema cannot see: keys and names that are there twice, numbers that only YAML 1.1 reads so, bounds
     * of durations and of memory. */
    @Test
    @DisplayName("of the texts that the loader refuses, an editor marks four in five")
    void refuses() {
        List<String> refused = Stream.of(
                        PolicyLoaderTest.problems().map(it -> PolicyLoaderTest.HEADER + it.get()[0]),
                        PolicyLoaderTest.headers().map(it -> (String) it.get()[0]),
                        ServingProblemsTest.problems().map(it -> ServingProblemsTest.PROFILE + it.get()[0]),
                        ProbesProblemsTest.problems().map(it -> ProbesProblemsTest.READINESS + it.get()[0]))
                .flatMap(texts -> texts)
                .filter(PolicySchemaValidationTest::isYaml)
                .toList();

        List<String> missed = refused.stream()
                .filter(text -> schema.validate(json(text)).isEmpty())
                .toList();

        assertThat(refused).hasSizeGreaterThan(150);
        assertThat(missed).hasSizeLessThan(refused.size() / 5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mode: enforce",
                "gpu: {dialect: Aliyun}",
                "pinDefaults: 'true'",
                "timeouts: {factor: 11}",
                "stop: {gracePeriod: 30}",
                "stop: {timeout: 30s}",
                "lifecycle: {nativeStop: auto}",
                "kserve: {defaultDeploymentMode: ModelMesh}",
                "start: {deadline: 30min}",
                "profiles: [{match: {}}]",
                "profiles: [{name: a, gpuMemory: 12}]",
                "profiles: [{name: a, gpuMemory: 12GB}]",
                "profiles: [{name: a, match: {modelFormats: []}}]",
                "profiles: [{name: a, template: {labels: {trimtab.dev/x: y}}}]",
                "profiles: [{name: a, template: {annotations: {autoscaling.knative.dev/window: 60s}}}]",
                "profiles: [{name: a, probes: {readiness: {}}}]",
                "profiles: [{name: a, probes: {readiness: {httpGet: {path: /}, exec: {command: [ls]}}}}]",
                "profiles: [{name: a, probes: {liveness: {tcpSocket: {port: 65536}}}}]",
                "profiles: [{name: a, rolloutDuration: 120}]",
            })
    void refuses(String text) {
        Set<ValidationMessage> messages = schema.validate(json(PolicyLoaderTest.HEADER + text));

        assertThat(messages).isNotEmpty();
    }

    private static boolean isYaml(String text) {
        return new YamlText(text, new Problems())
                .root()
                .filter(root -> !text.contains(": !"))
                .isPresent();
    }

    private static JsonNode json(String policy) {
        return JSON.valueToTree(new Yaml().load(policy));
    }
}

package dev.trimtab.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** docs/policy.schema.json says what the readers read: the same keys, values and bounds. */
class PolicySchemaTest {
    static final Path FILE = Path.of("docs/policy.schema.json");

    private final JsonNode schema;

    PolicySchemaTest() throws IOException {
        schema = new ObjectMapper().readTree(Files.readString(FILE));
    }

    static Stream<Arguments> maps() {
        return Stream.of(
                arguments("", PolicyReader.TOP),
                arguments("scaling", OverridesReader.SCALING),
                arguments("scaling.maxScale", OverridesReader.MAX_SCALE),
                arguments("scaling.initialScale", OverridesReader.INITIAL_SCALE),
                arguments("gpu", PolicyReader.GPU),
                arguments("timeouts", PolicyReader.TIMEOUTS),
                arguments("namespaces", PolicyReader.NAMESPACES),
                arguments("stop", LifecycleReader.STOP),
                arguments("lifecycle", LifecycleReader.LIFECYCLE),
                arguments("start", LifecycleReader.START),
                arguments("aibrix", AibrixReader.KEYS),
                arguments("aibrix.checks", AibrixReader.CHECKS),
                arguments("kserve", PolicyReader.KSERVE),
                arguments("profiles[]", ProfilesReader.PROFILE),
                arguments("profiles[].match", ProfilesReader.MATCH),
                arguments("profiles[].scaling", OverridesReader.SCALING),
                arguments("profiles[].scaling.maxScale", OverridesReader.MAX_SCALE),
                arguments("profiles[].scaling.initialScale", OverridesReader.INITIAL_SCALE),
                arguments("profiles[].window", ServingReader.WINDOW),
                arguments("profiles[].probes", ProbesReader.KINDS),
                arguments("profiles[].probes.readiness", ProbesReader.HANDLERS),
                arguments("profiles[].probes.liveness", ProbesReader.HANDLERS),
                arguments("profiles[].probes.startup", ProbesReader.HANDLERS),
                arguments("profiles[].probes.readiness.httpGet", ProbesReader.HTTP_GET),
                arguments("profiles[].probes.readiness.tcpSocket", ProbesReader.TCP_SOCKET),
                arguments("profiles[].probes.readiness.grpc", ProbesReader.GRPC),
                arguments("profiles[].probes.readiness.exec", ProbesReader.EXEC),
                arguments("profiles[].template", ServingReader.TEMPLATE));
    }

    @ParameterizedTest
    @MethodSource("maps")
    void keys(String path, List<String> known) {
        List<String> keys = new ArrayList<>();
        at(path).path("properties").fieldNames().forEachRemaining(keys::add);

        assertThat(keys).isEqualTo(known);
        assertThat(at(path).path("type").asText()).isEqualTo("object");
        assertThat(at(path).path("additionalProperties"))
                .as("%s is strict", path)
                .hasToString("false");
        assertThat(keys).allSatisfy(key -> assertThat(described(path + (path.isEmpty() ? "" : ".") + key))
                .as("%s of %s", key, path)
                .isNotBlank());
    }

    @Test
    @DisplayName("every map of the schema is in the list above")
    void allMaps() {
        List<String> strict = schema.findParents("additionalProperties").stream()
                .filter(node -> node.has("properties"))
                .map(JsonNode::toString)
                .toList();

        assertThat(maps().map(map -> at((String) map.get()[0]).toString()).distinct())
                .containsAll(strict);
    }

    static Stream<Arguments> terms() {
        return Stream.of(
                arguments("mode", Mode.values()),
                arguments("conflicts", Conflicts.values()),
                arguments("scaling.maxScale.whenUnset", MaxScaleWhenUnset.values()),
                arguments("scaling.initialScale.default", InitialScaleDefault.values()),
                arguments("scaling.initialScale.write", InitialScaleWrite.values()),
                arguments("scaling.initialScale.onUpdate", InitialScaleOnUpdate.values()),
                arguments("gpu.dialect", GpuDialect.values()),
                arguments("gpu.unit", GpuUnit.values()),
                arguments("lifecycle.nativeStop", NativeStop.values()),
                arguments("profiles[].conflicts", Conflicts.values()),
                arguments("profiles[].match.kinds[]", ServiceKind.values()));
    }

    @ParameterizedTest
    @MethodSource("terms")
    void values(String path, Term[] terms) {
        assertThat(at(path).path("enum"))
                .extracting(JsonNode::asText)
                .containsExactlyElementsOf(Stream.of(terms).map(Term::term).toList());
    }

    @Test
    void modes() {
        assertThat(at("kserve.defaultDeploymentMode").path("enum"))
                .extracting(JsonNode::asText)
                .containsExactlyElementsOf(PolicyReader.MODES);
    }

    static Stream<Arguments> bounds() {
        return Stream.of(
                arguments("scaling.initialScale.factor", "number", Bounds.INITIAL_SCALE_FACTOR),
                arguments("timeouts.factor", "number", Bounds.TIMEOUTS_FACTOR),
                arguments("profiles[].startupSeconds", "integer", Bounds.STARTUP_SECONDS),
                arguments("profiles[].maxResponseSeconds", "integer", Bounds.MAX_RESPONSE_SECONDS),
                arguments("profiles[].containerConcurrency", "integer", Bounds.CONTAINER_CONCURRENCY),
                arguments("profiles[].window.panicWindowPercentage", "number", Bounds.PANIC_WINDOW_PERCENTAGE),
                arguments("profiles[].window.panicThresholdPercentage", "number", Bounds.PANIC_THRESHOLD_PERCENTAGE),
                arguments(
                        "profiles[].window.targetUtilizationPercentage",
                        "number",
                        Bounds.TARGET_UTILIZATION_PERCENTAGE),
                arguments("profiles[].window.target", "number", Bounds.TARGET),
                arguments("profiles[].probes.startup.grpc.port", "integer", Bounds.PORT));
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void numbers(String path, String type, Bounds bounds) {
        JsonNode number = at(path);

        assertThat(number.path("type").asText()).isEqualTo(type);
        assertThat(number.path("minimum").asText()).isEqualTo(bounds.least());
        assertThat(number.path("maximum").asText()).isEqualTo(bounds.most());
    }

    @Test
    @DisplayName("bounds that a schema cannot check are in the description")
    void describedBounds() {
        assertThat(described("profiles[].window.scaleDownDelay")).endsWith(fromTo(Bounds.SCALE_DOWN_DELAY));
        assertThat(described("profiles[].rolloutDuration")).endsWith(fromTo(Bounds.ROLLOUT_DURATION));
        assertThat(described("stop.gracePeriod")).endsWith("; 30s if unset, " + fromTo(Bounds.STOP_GRACE_PERIOD));
        assertThat(described("stop.nativeTimeout")).endsWith("; 60s if unset, " + fromTo(Bounds.NATIVE_TIMEOUT));
        assertThat(described("start.deadline")).endsWith("; 30m if unset, " + fromTo(Bounds.START_DEADLINE));
        assertThat(described("profiles[].gpuMemory")).endsWith(fromTo(Bounds.GPU_MEMORY));
    }

    private static String fromTo(Bounds bounds) {
        return "from " + bounds.least() + " to " + bounds.most() + ".";
    }

    @Test
    void patterns() {
        assertThat(pattern("profiles[].name")).isEqualTo("^" + Names.DNS_LABEL + "$");
        assertThat(at("profiles[].name").path("maxLength").asInt()).isEqualTo(Names.LONGEST);
        assertThat(pattern("profiles[].gpuMemory")).isEqualTo("^" + Numbers.MEMORY + "$");
        // ECMA 262 has no possessive quantifiers
        assertThat(pattern("profiles[].probes.liveness.httpGet.path") + "+")
                .isEqualTo("^" + Handler.HttpGet.PATH.pattern().replaceFirst("\\+$", "") + "$+");
        assertThat(schema.at("/definitions/unreserved/not/pattern").asText())
                .isEqualTo("^("
                        + Reserved.OWNERS.keySet().stream()
                                .map(owner -> owner.replace("/", "").replace(".", "\\."))
                                .collect(Collectors.joining("|"))
                        + ")/");
    }

    @Test
    @DisplayName("the defaults are the built-in ones")
    void defaults() {
        Policy builtIn = Policy.BUILT_IN;

        assertThat(at("mode").path("default").asText()).isEqualTo(builtIn.mode().term());
        assertThat(at("gpu.dialect").path("default").asText())
                .isEqualTo(builtIn.gpu().dialect().term());
        assertThat(new BigDecimal(at("timeouts.factor").path("default").asText()))
                .isEqualTo(builtIn.timeoutsFactor());
        assertThat(at("pinDefaults").path("default").asBoolean()).isEqualTo(builtIn.pinDefaults());
        assertThat(at("namespaces.allowProfiles").path("default").asBoolean(true))
                .isEqualTo(builtIn.namespaceProfiles());
        assertThat(at("lifecycle.nativeStop").path("default").asText())
                .isEqualTo(builtIn.lifecycle().nativeStop().term());
        assertThat(described("conflicts")).contains("(" + builtIn.conflicts().term() + ", the default)");
        Scaling scaling = builtIn.scaling();
        assertThat(described("scaling.maxScale.whenUnset"))
                .contains("(" + scaling.maxScaleWhenUnset().term() + ", the default)");
        assertThat(described("scaling.initialScale.default"))
                .contains("(" + scaling.initialScaleDefault().term() + ", the default)");
        assertThat(described("scaling.initialScale.write"))
                .contains("(" + scaling.initialScaleWrite().term() + ", the default)");
        assertThat(described("scaling.initialScale.onUpdate"))
                .contains("(" + scaling.initialScaleOnUpdate().term() + ", the default)");
        assertThat(described("scaling.initialScale.factor")).endsWith(scaling.initialScaleFactor() + " if unset.");
    }

    private String pattern(String path) {
        return at(path).path("pattern").asText();
    }

    /** What an editor says about the key: beside a reference, or behind it. */
    private String described(String path) {
        int last = path.lastIndexOf('.');
        JsonNode property =
                at(path.substring(0, Math.max(last, 0))).path("properties").path(path.substring(last + 1));
        return property.has("description")
                ? property.path("description").asText()
                : at(path).path("description").asText();
    }

    /** The schema of the value under a path such as {@code profiles[].match.kinds[]}. */
    private JsonNode at(String path) {
        JsonNode node = schema;
        for (String key : path.isEmpty() ? new String[0] : path.split("\\.")) {
            node = followed(node.path("properties").path(key.replace("[]", "")));
            node = key.endsWith("[]") ? followed(node.path("items")) : node;
        }
        return node;
    }

    private JsonNode followed(JsonNode node) {
        JsonNode reference = node.has("allOf") ? node.path("allOf").path(0) : node;
        return reference.has("$ref") ? schema.at(reference.path("$ref").asText().substring(1)) : node;
    }
}

package dev.trimtab.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chart's values: each is explained, each does something, and docs/helm.md and the schema say the same;
 * {@code mvn test -Dtest=ChartValuesTest -Dgolden.update=true} makes those two anew.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChartValuesTest {
    private static final Path PAGE = Path.of("docs/helm.md");
    private static final Path SCHEMA = Chart.SOURCE.resolve("values.schema.json");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A value other than the default, for each. */
    private static final List<String> OTHER = List.of(
            "image.repository: example/trimtab",
            "image.tag: 9.9.9",
            "image.digest: sha256:" + "1".repeat(64),
            "image.pullPolicy: Always",
            "image.pullSecrets: [registry]",
            "webhook.replicas: 3",
            "webhook.resources: {limits: {memory: 1Gi}}",
            "controller.enabled: false",
            "controller.replicas: 3",
            "controller.resources: {limits: {memory: 1Gi}}",
            "singleNode: true",
            "priorityClassName: high",
            "nodeSelector: {pool: platform}",
            "tolerations: [{key: platform, operator: Exists}]",
            "affinity: {nodeAffinity: {}}",
            "podAnnotations: {prometheus.io/scrape: 'false'}",
            "podLabels: {team: platform}",
            "extraEnv: [{name: QUARKUS_LOG_LEVEL, value: DEBUG}]",
            "namespaces.kserve: opendatahub",
            "namespaces.knative: serverless",
            "knative.enabled: false",
            "certificates.provider: none",
            "closedDoor.enabled: false",
            "failClosed: true",
            "policy: {mode: Audit}",
            "monitoring.enabled: true",
            "networkPolicy.enabled: false",
            "openshift.enabled: true",
            "test.namespace: ml");

    private final List<Value> values = values(Manifests.read(Chart.SOURCE.resolve("values.yaml")));

    @TempDir
    private static Path packages;

    private Chart chart = new Chart("", packages);

    /** One of values.yaml: what stands above it, and its default. */
    private record Value(String path, String comment, String unset) {}

    @BeforeAll
    void copyIt() {
        chart = Chart.withTestsIn(packages);
    }

    @Test
    @DisplayName("each value does something: another one gives other objects")
    void effects() {
        assertThat(OTHER.stream().map(it -> it.substring(0, it.indexOf(':'))))
                .containsExactlyElementsOf(values.stream().map(Value::path).toList());
        Manifests plain = chart.in("trimtab", "{}");
        assertThat(OTHER.stream()
                        .filter(other -> chart.in("trimtab", nested(other)).equals(plain)))
                .isEmpty();
    }

    @Test
    @DisplayName("each value has a comment, of sentences")
    void comments() {
        assertThat(values).allSatisfy(value -> assertThat(value.comment())
                .as(value.path())
                .matches("[A-Z].*\\.")
                .hasSizeLessThan(250));
    }

    @Test
    @DisplayName("docs/helm.md has them as a table")
    void page() throws IOException {
        String table = values.stream()
                .map(it -> "| `%s` | `%s` | %s |\n".formatted(it.path(), it.unset(), it.comment()))
                .collect(Collectors.joining("", "| value | default | what it does |\n|---|---|---|\n", ""));
        String page = Files.readString(PAGE);
        String begin = "<!-- values, made by ChartValuesTest -->\n";
        String end = "<!-- end of values -->\n";
        made(PAGE, page.substring(0, page.indexOf(begin) + begin.length()) + table + page.substring(page.indexOf(end)));
    }

    @Test
    @DisplayName("every command of docs/helm.md that sets values sets some that the chart takes")
    void commands() throws IOException {
        List<String> settings = Pattern.compile("--set ([^ =]+)=([^ `]+)")
                .matcher(Files.readString(PAGE))
                .results()
                .map(it -> it.group(1) + ": " + it.group(2))
                .toList();

        assertThat(settings).isNotEmpty().allSatisfy(setting -> assertThat(chart.text("trimtab", nested(setting)))
                .contains("kind: Deployment"));
    }

    @Test
    @DisplayName("the schema knows every key of the policy, so that Helm refuses what Trimtab would refuse")
    void policy() throws IOException {
        ObjectNode policy =
                (ObjectNode) JSON.readTree(Path.of("docs/policy.schema.json").toFile());
        policy.remove(List.of("$schema", "required"));
        ObjectNode schema = (ObjectNode) JSON.readTree(SCHEMA.toFile());
        // Go's regular expressions have no lookahead. Trimtab itself still refuses what it excludes.
        String readable = policy.toString().replaceAll("\\(\\?![^)]*\\)", "");
        ((ObjectNode) schema.path("properties")).set("policy", JSON.readTree(readable));

        if (Boolean.getBoolean("golden.update")) {
            DefaultPrettyPrinter printer = new DefaultPrettyPrinter()
                    .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                    .withArrayIndenter(new DefaultIndenter("  ", "\n"));
            String text = JSON.writer(printer).writeValueAsString(schema).replaceAll("(?m)^( *\"[^\"]+\") : ", "$1: ");
            Files.writeString(SCHEMA, text + "\n");
        }
        assertThat(JSON.readTree(SCHEMA.toFile())).isEqualTo(schema);
    }

    @Test
    @DisplayName("the schema has the values of values.yaml, and those that are refused with a reason")
    void schema() throws IOException {
        JsonNode schema = JSON.readTree(SCHEMA.toFile());

        assertThat(schema.path("properties").properties().stream()
                        .map(it -> it.getKey())
                        .filter(it -> !List.of("global", "nameOverride", "fullnameOverride", "namePrefix")
                                .contains(it)))
                .containsExactlyElementsOf(values.stream()
                        .map(it -> it.path().replaceAll("\\..*", ""))
                        .distinct()
                        .toList());
        assertThat(schema.findParents("properties"))
                .allSatisfy(it -> assertThat(it.path("additionalProperties").asBoolean(true))
                        .isFalse());
    }

    /** The values with a comment above them; what has none is a group. */
    private static List<Value> values(String text) {
        JsonNode all = Manifests.parse(text).objects().get(0);
        Pattern line = Pattern.compile("(?m)^(?<comment>(?: *# .*\n)*)(?<indent> *)(?<key>\\w+):.*$");
        Matcher matcher = line.matcher(text.substring(text.indexOf("\n\n") + 2));
        Stream.Builder<Value> found = Stream.builder();
        String group = "";
        while (matcher.find()) {
            boolean top = matcher.group("indent").isEmpty();
            String key = matcher.group("key");
            if (matcher.group("comment").isEmpty()) {
                group = top ? key + "." : group;
                continue;
            }
            String path = (top ? "" : group) + key;
            String comment = Arrays.stream(matcher.group("comment").split("\n"))
                    .map(it -> it.strip().substring(2))
                    .collect(Collectors.joining(" "));
            String unset = all.at("/" + path.replace('.', '/')).toString();
            found.add(new Value(path, comment, unset.replaceAll("^\"(.+)\"$", "$1")));
        }
        return found.build().toList();
    }

    /** {@code a.b: c} as YAML. */
    private static String nested(String setting) {
        int colon = setting.indexOf(':');
        String[] keys = setting.substring(0, colon).split("\\.");
        return "{" + String.join(": {", keys) + setting.substring(colon) + "}".repeat(keys.length);
    }

    private static void made(Path file, String text) throws IOException {
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(file, text);
        }
        assertThat(file).content().isEqualTo(text);
    }
}

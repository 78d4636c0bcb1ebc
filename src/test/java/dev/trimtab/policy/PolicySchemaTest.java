package dev.trimtab.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.policy.KeyTable.PolicyKey;
import dev.trimtab.policy.KeyType.Bounds;
import dev.trimtab.policy.PolicyProblem.Problems;
import dev.trimtab.policy.YamlValue.YamlText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/**
 * docs/policy.schema.json and the tables of docs/policy.md are made from {@link PolicyKeys}. Stale ones fail the build;
 * {@code mvn test -Dtest=PolicySchemaTest -Dgolden.update=true} makes them anew.
 */
class PolicySchemaTest {
    static final Path FILE = Path.of("docs/policy.schema.json");
    private static final Path PAGE = Path.of("docs/policy.md");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DURATION = "^\\+?(0|(([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(h|m|s|ms|us|µs|μs|ns))+)$";

    @Test
    @DisplayName("the schema says what the keys say")
    void schema() throws IOException {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("$schema", "http://json-schema.org/draft-07/schema#");
        schema.put("title", "Trimtab policy");
        schema.put(
                "description",
                "How Trimtab behaves on a cluster: key policy.yaml of ConfigMap trimtab-policy. See policy.md beside"
                        + " this file.");
        schema.setAll(map(PolicyKeys.TOP, true));
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
        String text =
                JSON.writer(printer).writeValueAsString(schema).replaceAll("(?m)^( *\"[^\"]+\") : ", "$1: ") + "\n";

        made(FILE, text);
    }

    @Test
    @DisplayName("the tables of the page say what the keys say")
    void tables() throws IOException {
        String page = between(
                Files.readString(PAGE),
                "keys",
                "| key | values (default first) | what it decides |\n|---|---|---|\n" + rows(PolicyKeys.TOP, true));

        made(
                PAGE,
                between(
                        page,
                        "keys of profiles",
                        "| key | values | what it says |\n|---|---|---|\n" + rows(PolicyKeys.PROFILE, false)));
    }

    @Test
    @DisplayName("what a key is unless set is a value that it takes")
    void defaults() {
        assertThat(PolicyKeys.TOP.all())
                .filteredOn(key -> !key.unset().isEmpty())
                .allSatisfy(key -> {
                    Problems problems = new Problems();
                    YamlValue unset = YamlText.value(key.unset());
                    assertThat(key.shape().read(new YamlValue("", unset.key(), unset.node(), problems)))
                            .isPresent();
                    assertThat(problems.inOrder()).isEmpty();
                });
    }

    private static void made(Path file, String text) throws IOException {
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(file, text);
        }
        assertThat(file).content().isEqualTo(text);
    }

    private static String between(String page, String name, String table) {
        String begin = "<!-- " + name + ", made by PolicySchemaTest -->\n";
        String end = "<!-- end of " + name + " -->\n";
        return page.substring(0, page.indexOf(begin) + begin.length()) + table + page.substring(page.indexOf(end));
    }

    private static String rows(KeyTable keys, boolean top) {
        return keys.all().stream()
                .filter(key -> !(key.shape() instanceof KeyType.Group))
                .filter(key -> top || !isOfTop(key))
                .map(key -> row(key, top))
                .collect(Collectors.joining());
    }

    private static boolean isOfTop(PolicyKey<?> key) {
        return PolicyKeys.TOP.all().contains(key);
    }

    private static String row(PolicyKey<?> key, boolean top) {
        String values = values(key.shape(), top ? key.unset() : "");
        return "| `" + key.path() + "` | " + (key.missing().isEmpty() ? "" : "required; ") + values + " | "
                + key.meaning() + " |\n";
    }

    /** What a key takes, in words. */
    private static String values(KeyType<?> shape, String unset) {
        if (shape instanceof KeyType.Fixed fixed) {
            return code(fixed.text());
        }
        if (shape instanceof KeyType.Choice<?> choice) {
            return terms(choice.terms().keySet(), unset);
        }
        if (shape instanceof KeyType.Flag) {
            return terms(List.of("true", "false"), unset);
        }
        return (unset.isEmpty() ? "" : code(unset) + "; ") + words(shape);
    }

    private static String words(KeyType<?> shape) {
        if (shape instanceof KeyType.Decimal decimal) {
            return "a number from " + range(decimal.bounds());
        }
        if (shape instanceof KeyType.Whole whole) {
            return "a whole number from " + range(whole.bounds());
        }
        if (shape instanceof KeyType.Seconds seconds) {
            return "a duration from " + range(seconds.bounds());
        }
        if (shape instanceof KeyType.Memory memory) {
            return "an amount of memory from " + range(memory.bounds());
        }
        if (shape instanceof KeyType.ListOf<?> list) {
            return "a list of " + (list.entry() instanceof KeyType.Text ? "texts" : values(list.entry(), ""));
        }
        if (shape instanceof KeyType.ByTerm<?, ?> map) {
            return "a map to " + values(map.value(), "");
        }
        return shape instanceof KeyType.Text
                ? "a text"
                : shape instanceof KeyType.Texts
                        ? "a map of texts"
                        : shape instanceof KeyType.Table ? "one handler" : "a list of profiles";
    }

    private static String range(Bounds bounds) {
        return bounds.least() + (bounds.most().isEmpty() ? " on" : " to " + bounds.most());
    }

    private static String terms(Collection<String> terms, String first) {
        return Stream.concat(
                        Stream.of(first).filter(terms::contains), terms.stream().filter(it -> !it.equals(first)))
                .map(PolicySchemaTest::code)
                .collect(Collectors.joining(", "));
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    /** The schema of a map with these keys. */
    private static ObjectNode map(KeyTable keys, boolean top) {
        ObjectNode map = emptyMap();
        Map<String, ObjectNode> groups = new HashMap<>(Map.of("", map));
        for (PolicyKey<?> key : keys.all()) {
            ObjectNode value = key.shape() instanceof KeyType.Group ? emptyMap() : schema(key.shape());
            ObjectNode described = JsonNodeFactory.instance.objectNode();
            described.put("description", described(key));
            described.setAll(value);
            if (top && !key.unset().isEmpty()) {
                described.set("default", JSON.valueToTree(new Yaml().load(key.unset())));
            }
            groups.put(key.path(), described);
            ObjectNode parent = groups.get(key.group());
            ((ObjectNode) parent.path("properties")).set(key.name(), described);
            if (!key.missing().isEmpty()) {
                parent.withArrayProperty("required").add(key.name());
            }
        }
        return map;
    }

    private static ObjectNode emptyMap() {
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        map.put("type", "object").put("additionalProperties", false).putObject("properties");
        return map;
    }

    /** Without links; bounds that a schema cannot check are said. */
    private static String described(PolicyKey<?> key) {
        String text =
                key.meaning().replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1").replace("`", "");
        if (key.shape() instanceof KeyType.Seconds || key.shape() instanceof KeyType.Memory) {
            String words = words(key.shape());
            return text + " " + Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
        }
        return text;
    }

    private static ObjectNode schema(KeyType<?> shape) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        if (shape instanceof KeyType.Fixed fixed) {
            schema.putArray("enum").add(fixed.text());
        } else if (shape instanceof KeyType.Choice<?> choice) {
            choice.terms().keySet().forEach(schema.withArrayProperty("enum")::add);
        } else if (shape instanceof KeyType.Flag) {
            schema.put("type", "boolean");
        } else if (shape instanceof KeyType.Decimal decimal) {
            bounded(schema.put("type", "number"), decimal.bounds());
        } else if (shape instanceof KeyType.Whole whole) {
            bounded(schema.put("type", "integer"), whole.bounds());
        } else if (shape instanceof KeyType.Seconds) {
            schema.put("type", "string").put("pattern", DURATION);
        } else if (shape instanceof KeyType.Memory) {
            schema.put("type", "string").put("pattern", "^" + KeyType.Memory.PATTERN + "$");
        } else if (shape instanceof KeyType.Text text) {
            schema.put("type", "string");
            pattern(schema, text);
        } else {
            collection(schema, shape);
        }
        return schema;
    }

    private static void collection(ObjectNode schema, KeyType<?> shape) {
        if (shape instanceof KeyType.ListOf<?> list) {
            schema.put("type", "array");
            if (!list.insteadOfEmpty().isEmpty()) {
                schema.put("minItems", 1);
            }
            schema.set("items", schema(list.entry()));
        } else if (shape instanceof KeyType.ListOfNamed<?> list) {
            schema.put("type", "array").set("items", map(list.entry().keys(), false));
        } else if (shape instanceof KeyType.Texts texts) {
            schema.put("type", "object");
            pattern(schema.putObject("propertyNames"), texts.key());
            schema.set("additionalProperties", schema(texts.value()));
        } else if (shape instanceof KeyType.ByTerm<?, ?> byTerm) {
            schema.setAll(emptyMap());
            byTerm.terms().forEach(term -> ((ObjectNode) schema.path("properties")).set(term, schema(byTerm.value())));
        } else if (shape instanceof KeyType.Table<?> table) {
            schema.setAll(map(table.keys(), false));
            if (table.equals(PolicyKeys.HANDLER)) {
                schema.put("minProperties", 1).put("maxProperties", 1);
            }
        }
    }

    private static void pattern(ObjectNode schema, KeyType.Text text) {
        if (!text.pattern().isEmpty()) {
            schema.put("pattern", text.pattern());
        }
    }

    private static void bounded(ObjectNode schema, Bounds bounds) {
        schema.set("minimum", number(bounds.least()));
        if (!bounds.most().isEmpty()) {
            schema.set("maximum", number(bounds.most()));
        }
    }

    private static JsonNode number(String text) {
        return JSON.valueToTree(new Yaml().load(text));
    }
}

package dev.trimtab.manifest;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.zjsonpatch.JsonPatch;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PointersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // before          | pointer | written | after
                "{}                | /a/b    | true    | {\"a\":{\"b\":7}}",
                "{\"a\":null}      | /a/b    | true    | {\"a\":{\"b\":7}}",
                "{\"a\":[]}        | /a/0    | true    | {\"a\":[7]}",
                "{\"a\":[1,2]}     | /a/2    | true    | {\"a\":[1,2,7]}",
                "{\"a\":[1,2]}     | /a/1    | true    | {\"a\":[1,7]}",
                "{\"a\":[1,2]}     | /a/3    | false   | {\"a\":[1,2]}",
                "{\"a\":[1,2]}     | /a/b    | false   | {\"a\":[1,2]}",
                "{\"a\":[{}]}      | /a/0/b  | true    | {\"a\":[{\"b\":7}]}",
                "{\"a\":[{}]}      | /a/1/b  | false   | {\"a\":[{}]}",
                "{\"a\":1}         | /a/b    | false   | {\"a\":1}",
                "{\"a\":{\"0\":1}} | /a/0    | true    | {\"a\":{\"0\":7}}",
            })
    void set(String before, String pointer, boolean written, String after) throws JsonProcessingException {
        ObjectNode root = json(before);

        assertThat(Pointers.set(root, JsonPointer.compile(pointer), IntNode.valueOf(7)))
                .isEqualTo(written);
        assertThat(root).isEqualTo(json(after));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":{\"b\":1,\"c\":2}} | /a/b | {\"a\":{\"c\":2}}",
                "{\"a\":[1,2]}             | /a/1 | {\"a\":[1]}",
                "{\"a\":[1,2]}             | /a/2 | {\"a\":[1,2]}",
                "{\"a\":[1,2]}             | /a/b | {\"a\":[1,2]}",
                "{\"a\":1}                 | /a/b | {\"a\":1}",
            })
    void remove(String before, String pointer, String after) throws JsonProcessingException {
        ObjectNode root = json(before);

        Pointers.remove(root, JsonPointer.compile(pointer));

        assertThat(root).isEqualTo(json(after));
    }

    @Property(tries = 2_000 / SHARE, seed = SEED)
    @Label("the operations turn one document into the other, whatever its keys and lists are")
    void diff(@ForAll("maps") ObjectNode before, @ForAll("maps") ObjectNode after) {
        assertThat((Object) JsonPatch.apply(Pointers.diff(before, after), before))
                .isEqualTo(after);
        assertThat(Pointers.diff(before, before.deepCopy())).isEmpty();
    }

    @Provide
    Arbitrary<ObjectNode> maps() {
        return map(3);
    }

    private static Arbitrary<ObjectNode> map(int depth) {
        Arbitrary<String> keys = Arbitraries.of("a", "b", "0", "1", "x/y", "t~", "");
        return Arbitraries.maps(keys, node(depth))
                .ofMaxSize(4)
                .map(fields -> JsonNodeFactory.instance.objectNode().setAll(fields));
    }

    private static Arbitrary<JsonNode> node(int depth) {
        Arbitrary<JsonNode> leaves =
                Arbitraries.of(IntNode.valueOf(0), IntNode.valueOf(1), TextNode.valueOf(""), NullNode.getInstance());
        if (depth == 0) {
            return leaves;
        }
        Arbitrary<JsonNode> lists = Arbitraries.lazy(() -> node(depth - 1))
                .list()
                .ofMaxSize(4)
                .map(items -> JsonNodeFactory.instance.arrayNode().addAll(items));
        return Arbitraries.oneOf(
                leaves, lists, Arbitraries.lazy(() -> map(depth - 1)).map(JsonNode.class::cast));
    }

    private static ObjectNode json(String text) throws JsonProcessingException {
        return (ObjectNode) new ObjectMapper().readTree(text);
    }
}

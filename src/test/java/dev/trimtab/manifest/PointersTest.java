package dev.trimtab.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

    private static ObjectNode json(String text) throws JsonProcessingException {
        return (ObjectNode) new ObjectMapper().readTree(text);
    }
}

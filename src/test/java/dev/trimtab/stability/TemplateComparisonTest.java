package dev.trimtab.stability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.manifest.Pointers;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TemplateComparisonTest {
    private static final JsonPointer ROOT = JsonPointer.empty();

    @Test
    @DisplayName("another value that means unchanged counts at its own place only, under keys with / and ~ too")
    void alsoUnchanged() {
        JsonPointer at = Pointers.of("annotations", "a/b~c");
        TemplateComparison comparison = new TemplateComparison(
                map("annotations", map("a/b~c", TextNode.valueOf("3"))), Map.of(at, Set.of(TextNode.valueOf("7"))));

        assertThat(comparison.covers(map("annotations", map("a/b~c", TextNode.valueOf("7"))), ROOT))
                .isTrue();
        assertThat(comparison.covers(map("annotations", map("a/b~c", TextNode.valueOf("8"))), ROOT))
                .isFalse();
        assertThat(comparison.covers(map("labels", map("a/b~c", TextNode.valueOf("7"))), ROOT))
                .isFalse();
    }

    @Test
    @Timeout(5)
    @DisplayName("a difference at the bottom of the deepest document that a body may hold is found in no time")
    void deep() {
        TemplateComparison comparison = new TemplateComparison(
                deep(IntNode.valueOf(1)), Map.of(Pointers.of("other"), Set.of(IntNode.valueOf(1))));

        for (int i = 0; i < 10; i++) {
            assertThat(comparison.covers(deep(IntNode.valueOf(2)), ROOT)).isFalse();
        }
    }

    /** Jackson reads up to 1,000 levels. */
    private static JsonNode deep(JsonNode bottom) {
        JsonNode node = bottom;
        for (int i = 0; i < 990; i++) {
            node = map("level", node);
        }
        return node;
    }

    private static JsonNode map(String key, JsonNode value) {
        return JsonNodeFactory.instance.objectNode().set(key, value);
    }
}

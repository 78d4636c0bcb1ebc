package dev.trimtab.policy;

import java.util.Map;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Says what stands in the text, for a message about something else that is expected there. */
final class Found {
    private static final Map<Tag, String> NAMES = Map.of(
            Tag.MAP, "a map",
            Tag.SEQ, "a list",
            Tag.NULL, "nothing",
            Tag.STR, "the text",
            Tag.INT, "the number",
            Tag.FLOAT, "the number",
            Tag.BOOL, "the boolean",
            Tag.TIMESTAMP, "the date");

    private Found() {}

    static String in(Node node) {
        String name = NAMES.get(node.getTag());
        if (name == null) {
            return "a value tagged " + Quoted.of(node.getTag().getValue());
        }
        return node instanceof ScalarNode scalar && !node.getTag().equals(Tag.NULL)
                ? name + " " + Quoted.of(scalar.getValue())
                : name;
    }
}

package dev.trimtab.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Nodes into the JSON that Kubernetes' own reader (sigs.k8s.io/yaml) makes of them. */
final class ContentReader {
    /** Ten lines of aliases to aliases can mean a billion values; honest manifests stay far below this. */
    static final int MOST_VALUES_FROM_ALIASES = 200_000;

    private final JsonNodeFactory json = JsonNodeFactory.instance;
    private int insideAliases;
    private int fromAliases;

    private ContentReader() {}

    /** Missing for a document without any node. */
    static JsonNode read(YamlNode root) throws Unreadable {
        return root == null ? MissingNode.getInstance() : new ContentReader().value(root);
    }

    /** The text of a mapping's key in JSON: {@code on:} is "true", {@code 8080:} is "8080". */
    static String key(YamlNode node) throws Unreadable {
        YamlNode key = node instanceof YamlNode.Alias alias ? alias.target() : node;
        if (!(key instanceof YamlNode.Scalar scalar)) {
            throw Unreadable.at(node, "a key must be a text, not a list or a map");
        }
        JsonNode value = PlainScalar.read(scalar);
        if (value.isFloatingPointNumber()) {
            return value.decimalValue().stripTrailingZeros().toPlainString();
        }
        return value.asText();
    }

    private JsonNode value(YamlNode node) throws Unreadable {
        if (insideAliases > 0 && ++fromAliases > MOST_VALUES_FROM_ALIASES) {
            throw Unreadable.at(node, "aliases stand for more than " + MOST_VALUES_FROM_ALIASES + " values");
        }
        if (node instanceof YamlNode.Alias alias) {
            insideAliases++;
            JsonNode value = value(alias.target());
            insideAliases--;
            return value;
        }
        if (node instanceof YamlNode.Sequence sequence) {
            ArrayNode array = json.arrayNode();
            for (YamlNode item : sequence.items()) {
                array.add(value(item));
            }
            return array;
        }
        return node instanceof YamlNode.Mapping mapping ? object(mapping) : PlainScalar.read((YamlNode.Scalar) node);
    }

    private ObjectNode object(YamlNode.Mapping mapping) throws Unreadable {
        ObjectNode object = json.objectNode();
        Set<String> own = new HashSet<>();
        for (YamlNode.Entry entry : mapping.entries()) {
            if (entry.isMerge()) {
                merge(object, entry.value());
                continue;
            }
            String key = key(entry.key());
            if (!own.add(key)) {
                throw Unreadable.at(entry.key(), "the key \"" + key + "\" is there twice");
            }
            object.set(key, value(entry.value()));
        }
        return object;
    }

    /** A key already there wins, be it the mapping's own or from an earlier map of the list. */
    private void merge(ObjectNode object, YamlNode source) throws Unreadable {
        for (YamlNode map : mergeSources(source)) {
            if (!(value(map) instanceof ObjectNode merged)) {
                throw Unreadable.at(map, "<< takes a map or a list of maps");
            }
            for (Map.Entry<String, JsonNode> field : merged.properties()) {
                object.putIfAbsent(field.getKey(), field.getValue());
            }
        }
    }

    static List<YamlNode> mergeSources(YamlNode source) {
        YamlNode target = source instanceof YamlNode.Alias alias ? alias.target() : source;
        return target instanceof YamlNode.Sequence sequence ? sequence.items() : List.of(source);
    }
}

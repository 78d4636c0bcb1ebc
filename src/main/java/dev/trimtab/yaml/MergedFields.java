package dev.trimtab.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.IdentityHashMap;
import java.util.Map;

/** What the {@code <<} keys of a mapping will bring once the edits are done. */
final class MergedFields {
    private final IdentityHashMap<YamlNode, JsonNode> results;
    private final ObjectNode fields = JsonNodeFactory.instance.objectNode();
    private boolean known = true;

    /** @param results what the nodes read so far will read as */
    MergedFields(IdentityHashMap<YamlNode, JsonNode> results) {
        this.results = results;
    }

    void add(YamlNode source) {
        for (YamlNode map : ContentReader.mergeSources(source)) {
            JsonNode value = source instanceof YamlNode.Alias list && !(list.target() instanceof YamlNode.Mapping)
                    ? null
                    : result(map);
            known &= value != null;
            if (value != null) {
                value.properties().forEach(field -> fields.putIfAbsent(field.getKey(), field.getValue()));
            }
        }
    }

    private JsonNode result(YamlNode map) {
        if (map instanceof YamlNode.Alias alias) {
            return results.get(alias.target());
        }
        try {
            return ContentReader.read(map);
        } catch (Unreadable e) {
            return null;
        }
    }

    /**
     * Takes from the fields that still have to be added those that the merge brings.
     *
     * @return false if the merge would bring a field that must not be there
     */
    boolean cover(ObjectNode missing, ObjectNode after) {
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            if (!after.has(field.getKey())) {
                return false;
            }
            if (missing.has(field.getKey()) && Trees.same(missing.get(field.getKey()), field.getValue())) {
                missing.remove(field.getKey());
            }
        }
        return known;
    }
}

package dev.trimtab.gitops;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Entries of a list in a set of managed fields: {@code k:{"name":"cache"}}, or {@code v:"finalizer"}. */
final class FieldKeys {
    private static final ObjectMapper JSON = new ObjectMapper();

    private FieldKeys() {}

    static JsonNode parse(String key) {
        try {
            return JSON.readTree(key);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(key, e);
        }
    }

    /** -1 where no entry has this key. */
    static int indexOf(JsonNode list, JsonNode key) {
        for (int i = 0; i < list.size(); i++) {
            JsonNode entry = list.get(i);
            boolean all = key.isObject()
                    && key.properties().stream().allMatch(it -> it.getValue().equals(entry.get(it.getKey())));
            if (all || key.equals(entry)) {
                return i;
            }
        }
        return -1;
    }
}

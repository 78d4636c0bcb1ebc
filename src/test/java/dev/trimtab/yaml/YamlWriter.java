package dev.trimtab.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.yaml.AuthorStyle.BlockText;

/** Writes values for which there is no source text to edit. */
public final class YamlWriter {
    private YamlWriter() {}

    /**
     * Block style in the order of the keys: two blanks a level, lists not deeper than their key (as kubectl writes
     * them), quotes only where a YAML 1.1 or 1.2 reader needs them, no folded lines, a line break at the end.
     *
     * @throws IllegalArgumentException for an infinite number, which JSON has no form for
     */
    public static String write(JsonNode content) {
        return new BlockText("\n", 0, BlockText.MAP_INDENT).value(content, 0) + "\n";
    }
}

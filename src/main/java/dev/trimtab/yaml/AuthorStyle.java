package dev.trimtab.yaml;

import org.yaml.snakeyaml.DumperOptions.ScalarStyle;

/** How the author of a document writes, so that what is added looks the same. */
final class AuthorStyle {
    private final SourceText source;
    private Integer listIndent;
    private Integer mapIndent;
    private Boolean dense;
    private boolean aliases;
    private boolean bareKeys;

    private AuthorStyle(SourceText source) {
        this.source = source;
    }

    static AuthorStyle of(SourceText source, YamlNode root) {
        AuthorStyle style = new AuthorStyle(source);
        style.bareKeys = !isFlow(root);
        style.look(root);
        return style;
    }

    private static boolean isFlow(YamlNode node) {
        return !(node instanceof YamlNode.Scalar) && !node.isBlockCollection();
    }

    BlockText block() {
        return new BlockText(
                source.lineBreak(),
                listIndent == null ? 0 : listIndent,
                mapIndent == null ? BlockText.MAP_INDENT : mapIndent);
    }

    FlowText flow() {
        boolean json = !bareKeys;
        return new FlowText(json, json && dense != null && dense);
    }

    boolean aliases() {
        return aliases;
    }

    private void look(YamlNode node) {
        if (node instanceof YamlNode.Alias) {
            aliases = true;
        } else if (node instanceof YamlNode.Sequence sequence) {
            sequence.items().forEach(this::look);
        } else if (node instanceof YamlNode.Mapping mapping) {
            for (YamlNode.Entry entry : mapping.entries()) {
                look(entry);
                look(entry.value());
            }
        }
    }

    private void look(YamlNode.Entry entry) {
        boolean quoted = entry.key() instanceof YamlNode.Scalar key && key.style() == ScalarStyle.DOUBLE_QUOTED;
        bareKeys |= !quoted;
        if (dense == null) {
            dense = source.at(entry.key().end()) == ':'
                    && !SourceText.isBlankOrBreak(source.at(entry.key().end() + 1));
        }
        if (listIndent == null && entry.value() instanceof YamlNode.Sequence list && list.isBlockCollection()) {
            listIndent = Math.max(0, list.span().column() - entry.key().span().column());
        }
        if (mapIndent == null && entry.value() instanceof YamlNode.Mapping map && map.isBlockCollection()) {
            mapIndent = Math.max(1, map.span().column() - entry.key().span().column());
        }
    }
}

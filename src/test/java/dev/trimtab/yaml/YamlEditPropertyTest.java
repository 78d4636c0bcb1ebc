package dev.trimtab.yaml;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class YamlEditPropertyTest {

    @Property(tries = 3000 / SHARE, seed = SEED)
    void readsBackAsWhatWasAsked(@ForAll long seed) {
        RandomYaml author = new RandomYaml(seed);
        ObjectNode tree = author.tree();
        String source = author.written(tree);
        YamlDocument document = Yamls.document(source);
        // A literal at the very end without a line break loses the one its author may have thought of.
        assertThat(source.endsWith(" b") || Trees.same(document.content(), tree))
                .as("%s", source)
                .isTrue();
        assertThat(YamlEdit.apply(document, document.content().deepCopy())).isEqualTo(source);

        JsonNode after = author.changed(document.content());
        String edited = YamlEdit.apply(document, after);
        assertThat(Trees.same(Yamls.content(edited), after))
                .as("%s%nbecame%n%s", source, edited)
                .isTrue();
    }

    /** Edits without a limit have to do: writing containers anew is for shapes that no one writes. */
    @Property(tries = 2000 / SHARE, seed = SEED)
    void rarelyWritesAnew(@ForAll long seed) {
        RandomYaml author = new RandomYaml(seed);
        ObjectNode tree = author.tree();
        YamlDocument document = Yamls.document(author.written(tree));
        JsonNode after = author.changed(document.content());
        assertThat(YamlEdit.apply(document, after, Integer.MAX_VALUE))
                .as("%s%nto become%n%s", document.text(), after)
                .hasValueSatisfying(edited ->
                        assertThat(Trees.same(Yamls.content(edited), after)).isTrue());
    }

    @Property(tries = 1000 / SHARE, seed = SEED)
    void aNewKeyAtTheRootKeepsEveryLine(@ForAll long seed) {
        RandomYaml author = new RandomYaml(seed);
        ObjectNode tree = author.tree();
        YamlDocument document = Yamls.document(author.written(tree));
        if (tree.isEmpty() || document.text().startsWith("{")) {
            return;
        }
        JsonNode after = Yamls.with(document.content(), "/added", TextNode.valueOf("0"));
        List<String> edited = YamlEdit.apply(document, after).lines().toList();
        assertThat(edited).containsSubsequence(document.text().lines().toList());
        assertThat(edited).hasSize((int) document.text().lines().count() + 1);
    }

    @Property(tries = 2000 / SHARE, seed = SEED)
    void aNewKeyAnywhereChangesOneLineAtMost(@ForAll long seed) {
        RandomYaml author = new RandomYaml(seed);
        YamlDocument document = Yamls.document(author.written(author.tree()));
        // A block scalar that ends the text without a line break changes its last lines too: a place of its own.
        Assume.that(!document.text().endsWith(" b"));
        List<String> before = document.text().lines().toList();
        List<String> after = YamlEdit.apply(document, author.withNewKey(document.content()))
                .lines()
                .toList();
        int same = 0;
        while (same < before.size() && before.get(same).equals(after.get(same))) {
            same++;
        }
        int below = 0;
        while (below < before.size() - same
                && before.get(before.size() - 1 - below).equals(after.get(after.size() - 1 - below))) {
            below++;
        }
        assertThat(before.size() - same - below)
                .as("%s%nbecame%n%s", document.text(), String.join("\n", after))
                .isLessThanOrEqualTo(1);
    }

    @Property(tries = 1000 / SHARE, seed = SEED)
    void writtenTextReadsBack(@ForAll long seed) {
        ObjectNode tree = new RandomYaml(seed).tree();
        String text = YamlWriter.write(tree);
        assertThat(Trees.same(Yamls.content(text), tree)).as("%s", text).isTrue();
        Object other = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        assertThat(Trees.same(new com.fasterxml.jackson.databind.ObjectMapper().valueToTree(other), tree))
                .as("YAML 1.1 as written reads the same:%n%s", text)
                .isTrue();
    }

    @Property(tries = 1000 / SHARE, seed = SEED)
    void tabsInThePlaceOfSpacesChangeNothing(@ForAll long seed) {
        RandomYaml author = new RandomYaml(seed);
        YamlDocument spaced = Yamls.document(author.written(author.tree()));
        String text = tabbed(spaced);
        YamlDocument document = Yamls.document(text);
        assertThat(Trees.same(document.content(), spaced.content()))
                .as("%s", text)
                .isTrue();
        assertThat(YamlEdit.apply(document, document.content().deepCopy())).isEqualTo(text);

        JsonNode after = author.changed(document.content());
        String edited = YamlEdit.apply(document, after);
        assertThat(Trees.same(Yamls.content(edited), after))
                .as("%s%nbecame%n%s", text, edited)
                .isTrue();
    }

    /** With a tab for every space that neither indents nor is part of a text. */
    private static String tabbed(YamlDocument document) {
        StringBuilder text = new StringBuilder(document.text());
        boolean[] fixed = new boolean[text.length() + 1];
        fix(document.root(), fixed);
        boolean indents = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (SourceText.isBreak(c)) {
                indents = true;
            } else if (!SourceText.isBlank(c)) {
                boolean dash = (c == '-' || c == '?') && i + 1 < text.length() && text.charAt(i + 1) == ' ';
                indents &= dash && !fixed[i];
            } else if (!indents && !fixed[i]) {
                text.setCharAt(i, '\t');
            }
        }
        return text.toString();
    }

    private static void fix(YamlNode node, boolean[] fixed) {
        if (node instanceof YamlNode.Mapping mapping) {
            mapping.entries().forEach(entry -> {
                fix(entry.key(), fixed);
                fix(entry.value(), fixed);
            });
        } else if (node instanceof YamlNode.Sequence sequence) {
            sequence.items().forEach(item -> fix(item, fixed));
        } else if (node instanceof YamlNode.Scalar) {
            Arrays.fill(fixed, node.start(), node.end(), true);
        }
    }
}

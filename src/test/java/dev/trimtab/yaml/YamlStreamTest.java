package dev.trimtab.yaml;

import static dev.trimtab.yaml.Yamls.content;
import static dev.trimtab.yaml.Yamls.document;
import static dev.trimtab.yaml.Yamls.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.yaml.YamlDocument.Position;
import java.io.StringReader;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlStreamTest {
    private static final String STREAM =
            "# Source: chart\n---\na: 1\n# of a\n---\n# nothing\n---\r\nb: |\n  ---\n  text\n...\n---\nc: 3";

    @Test
    @DisplayName("slices joined are the source; comments before the first marker belong to its document")
    void slices() {
        List<YamlDocument> documents = YamlStream.read(STREAM);
        assertThat(documents.stream().map(YamlDocument::text).collect(Collectors.joining()))
                .isEqualTo(STREAM);
        assertThat(documents).extracting(YamlDocument::index).containsExactly(1, 2, 3, 4);
        assertThat(documents).extracting(YamlDocument::line).containsExactly(1, 5, 7, 12);
        assertThat(documents).extracting(YamlDocument::isEmpty).containsExactly(false, true, false, false);
        assertThat(documents.get(2).content()).isEqualTo(json("{'b':'---\\ntext\\n'}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# only\n",
                "\n\n",
                "---\n---\n",
                "--- # c\n--- a\n",
                "%YAML 1.1\n---\na: 1\n",
                "a: 1\r---\rb: 2\r"
            })
    void slicesOfLittle(String source) {
        assertThat(YamlStream.read(source).stream().map(YamlDocument::text).collect(Collectors.joining()))
                .isEqualTo(source);
    }

    @Test
    @DisplayName("a bad document does not hide the next one")
    void goesOnAfterAProblem() {
        Iterator<YamlDocument> documents = YamlStream.iterate(new StringReader("a: 1\n---\nb: [\n---\nc: 3\n"));
        assertThat(documents.next().content()).isEqualTo(json("{'a':1}"));
        YamlProblem problem = catchThrowableOfType(YamlProblem.class, documents::next);
        assertThat(problem.document()).isEqualTo(2);
        assertThat(problem.text()).isEqualTo("---\nb: [\n");
        assertThat(documents.next().index()).isEqualTo(3);
        assertThat(documents.hasNext()).isFalse();
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "true | true",
                "Yes | true",
                "on | true",
                "y | true",
                "off | false",
                "No | false",
                "n | false",
                "~ | null",
                "null | null",
                "Null | null",
                "nUll | 'nUll'",
                "tRue | 'tRue'",
                "12 | 12",
                "-12 | -12",
                "+12 | 12",
                "010 | 8",
                "0o10 | 8",
                "0x1F | 31",
                "0b101 | 5",
                "1_000 | 1000",
                "08 | 8",
                "12:30 | '12:30'",
                "1.5 | 1.5",
                ".5 | 0.5",
                "1. | 1",
                "3.0 | 3",
                "1e3 | 1000",
                "1e+06 | 1000000",
                "-0.0 | 0",
                "1e21 | 1e+21",
                "1e400 | '1e400'",
                "9007199254740993.0 | 9007199254740992",
                "9007199254740993 | 9007199254740993",
                "1.10 | 1.1",
                "12345678901234567890 | 12345678901234567000",
                "123456789012345678901234 | 1.2345678901234569e+23",
                "0.1234567890123456789 | 0.12345678901234568",
                "2024-01-01 | '2024-01-01'",
                "2024-01-01T00:00:00Z | '2024-01-01T00:00:00Z'",
                "`'1'` | '1'",
                "\"true\" | 'true'",
                "1.2.3 | '1.2.3'",
                "500m | '500m'",
                "- | [null]",
                "!!str 1 | '1'",
                "!!int \"1\" | 1",
                "!!float 1 | 1",
                "!!binary aGk= | 'hi'",
                "!x 1 | '1'",
                "! 1 | '1'"
            })
    void scalars(String yaml, String expected) {
        JsonNode actual = content(yaml);
        assertThat(Trees.same(actual, json(expected))).as("%s", actual).isTrue();
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{1: a, true: b, null: c, 1.50: d, 0x10: e} | {'1':'a','true':'b','null':'c','1.5':'d','16':'e'}",
                "{on: a} | {'true':'a'}",
                "{a: &x {b: 1}, c: *x} | {'a':{'b':1},'c':{'b':1}}",
                "{a: &x {b: 1, c: 1}, d: {<<: *x, b: 2}} | {'a':{'b':1,'c':1},'d':{'b':2,'c':1}}",
                "{d: {b: 2, <<: {b: 1, c: 1}}} | {'d':{'b':2,'c':1}}",
                "{<<: [{a: 1}, {a: 2, b: 2}]} | {'a':1,'b':2}",
                "{\"<<\": 1} | {'<<':1}",
                "{\"a\": \"\\ud83d\\ude00\"} | {'a':'😀'}"
            })
    void collections(String yaml, String expected) {
        assertThat((Object) content(yaml)).isEqualTo(json(expected));
    }

    @Test
    void keepsTheOrderOfKeys() {
        assertThat(content("z: 1\na: 2\nm: 3\n").toString()).isEqualTo("{\"z\":1,\"a\":2,\"m\":3}");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a: 1↵a: 2↵ | line 2, column 1 | twice",
                "1: a↵\"1\": b↵ | line 2, column 1 | twice",
                "a: .inf | line 1, column 4 | no form in JSON",
                "{a: 1, [b]: 2} | line 1, column 8 | a key must be text",
                "a: &x [*x] | line 1, column 8 | no finished anchor",
                "a: *y | line 1, column 4 | anchor",
                "a: [1↵b: 2↵ | line 2, column 2 | expected",
                "a:↵\tb: 1↵ | line 2, column 1 | a tab where only spaces may indent",
                "a: !!int x | line 1, column 4 | is not a valid !!int",
                "<<: 1 | line 1, column 5 | << takes a map",
                "# c↵a: \u0001x | line 2, column 4 | U+0001"
            })
    void problems(String yaml, String position, String reason) {
        assertThatThrownBy(() -> YamlStream.read("x: 1\n---\n" + yaml.replace('↵', '\n')))
                .isInstanceOfSatisfying(YamlProblem.class, problem -> {
                    assertThat(problem.reason()).contains(reason).doesNotContain("\n");
                    int line = problem.position().line() - 2;
                    assertThat("line " + line + ", column " + problem.position().column())
                            .isEqualTo(position);
                    assertThat(problem)
                            .hasMessageStartingWith(problem.position().line() + ":");
                });
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a: \"x\"→# c | {'a':'x'}",
                "a: 'x'→ | {'a':'x'}",
                "a:→x | {'a':'x'}",
                "a: →↵··b:→→\"x→y\"→# c | {'a':{'b':'x\\ty'}}",
                "\"a\"→: x | {'a':'x'}",
                "- \"x\"→↵- z→# c | ['x','z']",
                "a: [1,→2→]→# c | {'a':[1,2]}",
                "a: {b: 1,↵→→c: 2↵→} | {'a':{'b':1,'c':2}}",
                "a: ¦→# c↵··x→y↵ | {'a':'x\\ty\\n'}",
                "a: &x→1↵b: *x→# c | {'a':1,'b':1}",
                "a: !!str→3 | {'a':'3'}",
                "---→# c↵a: 1 | {'a':1}"
            })
    @DisplayName("tabs where kubectl takes them")
    void tabs(String yaml, String expected) {
        assertThat(content(tabbed(yaml))).isEqualTo(json(expected));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a:↵→b: 1 | line 2, column 1",
                "a:↵··b: \"x\"→↵··→c: 1 | line 3, column 3",
                "a:↵··-→b | line 2, column 4",
                "a:↵··b: 1↵→# c↵··c: 2 | line 3, column 1"
            })
    @DisplayName("tabs that kubectl refuses, as they would indent")
    void tabsThatIndent(String yaml, String position) {
        assertThatThrownBy(() -> YamlStream.read(tabbed(yaml)))
                .isInstanceOfSatisfying(YamlProblem.class, problem -> assertThat(problem.position())
                        .hasToString(position));
    }

    @Test
    @DisplayName("a byte order mark at the start of a later document, where files were joined")
    void byteOrderMarks() {
        for (String lineBreak : List.of("\n", "\r\n")) {
            String source = "\uFEFFa: 1\n---\n\uFEFF# b\nb: 1\nc: 2\n---\n\uFEFFd: 1\ne: 2\n".replace("\n", lineBreak);
            List<YamlDocument> documents = YamlStream.read(source);
            assertThat(documents)
                    .extracting(YamlDocument::content)
                    .containsExactly(json("{'a':1}"), json("{'b':1,'c':2}"), json("{'d':1,'e':2}"));
            assertThat(documents.get(2).positionOf("/e")).contains(new Position(8, 4));
            assertThat(YamlEdit.apply(documents.get(2), json("{'d':3,'e':2}")))
                    .isEqualTo("---\n\uFEFFd: 3\ne: 2\n".replace("\n", lineBreak));
        }
    }

    private static String tabbed(String yaml) {
        return yaml.replace('↵', '\n').replace('→', '\t').replace('·', ' ').replace('¦', '|');
    }

    @Test
    @DisplayName("JSON objects one after the other are documents, as kubectl takes them")
    void jsonSequence() {
        String source = "\n{\"a\": {\n  \"b\": \"}\\n{\"}}\n\n{\"c\": 1} {\"d\": 2}\r\n{\n\"e\": 3}\n\n---\nf: 4\n";
        List<YamlDocument> documents = YamlStream.read(source);

        assertThat(documents.stream().map(YamlDocument::text).collect(Collectors.joining()))
                .isEqualTo(source);
        assertThat(documents)
                .extracting(YamlDocument::content)
                .containsExactly(
                        json("{'a':{'b':'}\\n{'}}"),
                        json("{'c':1}"),
                        json("{'d':2}"),
                        json("{'e':3}"),
                        json("{'f':4}"));
        assertThat(documents).extracting(YamlDocument::index).containsExactly(1, 2, 3, 4, 5);
        assertThat(documents).extracting(YamlDocument::line).containsExactly(1, 4, 5, 6, 9);
        assertThat(documents.get(3).positionOf("/e")).contains(new Position(7, 6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{a: 1}\n{b: 2}\n", "{\"a\": 1}\nb: 2\n", "{\"a\": 1} [2]\n", "{\"a\": 1}}\n"})
    @DisplayName("what is neither one YAML document nor JSON objects one after the other stays a mistake")
    void noJsonSequence(String source) {
        assertThatThrownBy(() -> YamlStream.read(source)).isInstanceOf(YamlProblem.class);
    }

    @Test
    @DisplayName("aliases of aliases do not fill the memory, deep nesting not the stack")
    void bombs() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 30; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        assertThatThrownBy(() -> YamlStream.read(bomb.toString())).hasMessageContaining("aliases stand for");
        assertThatThrownBy(() -> YamlStream.read("[".repeat(100_000))).isInstanceOf(YamlProblem.class);
        assertThatThrownBy(() -> YamlStream.read("- ".repeat(5_000) + "a")).isInstanceOf(YamlProblem.class);
    }

    @Test
    @DisplayName("a document of some megabytes is read and edited")
    void longDocument() {
        StringBuilder source = new StringBuilder("items:\n");
        for (int i = 0; i < 60_000; i++) {
            source.append("- name: item-").append(i).append("\n  value: some text that makes the line long enough\n");
        }
        JsonNode after = Yamls.with(content(source.toString()), "/items/30000/more", json("1"));
        assertThat(YamlEdit.apply(document(source.toString()), after))
                .isEqualTo(source.toString().replace("- name: item-30001\n", "  more: 1\n- name: item-30001\n"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"/a,2,4", "/a/b,4,6", "/a/b/1/c,5,8", "/d/c,8,11", "/e/c,8,11", "/nothing,0,0", "/a/b/7,0,0", "'',2,1"})
    void positions(String pointer, int line, int column) {
        String source = "# c\na: &x\n\n  b: [1,\n   {c: 1}]\n\n\nd: &y {c: 2}\ne: {<<: *y}\n";
        Position expected = line == 0 ? null : new Position(line, column);
        assertThat(document(source).positionOf(pointer)).isEqualTo(Optional.ofNullable(expected));
    }
}

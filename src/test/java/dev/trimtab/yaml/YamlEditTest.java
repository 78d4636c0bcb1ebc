package dev.trimtab.yaml;

import static dev.trimtab.yaml.Yamls.document;
import static dev.trimtab.yaml.Yamls.json;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each shape an author may write, each kind of change, and the exact text that comes out. */
class YamlEditTest {

    /** In the table, ↵ is a line break, ¦ a bar, and · is a leading blank. */
    private static String text(String cell) {
        return cell.replace('↵', '\n').replace('¦', '|').replace('·', ' ');
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "block mapping | a: 1↵ | /b | 2 | a: 1↵b: 2↵",
                "no line break at the end | a: 1 | /b | 2 | a: 1↵b: 2",
                "below a nested block | a:↵··x: 1↵b:↵··y: 2↵ | /a/z | 3 | a:↵··x: 1↵··z: 3↵b:↵··y: 2↵",
                "nested last | a:↵··b:↵····c: 1↵ | /d | 2 | a:↵··b:↵····c: 1↵d: 2↵",
                "trailing comment on the line | a:↵··x: 1 # one↵b: 2↵ | /a/z | 2 | a:↵··x: 1 # one↵··z: 2↵b: 2↵",
                "trailing comments below | a:↵··x: 1↵··# y: 9↵b: 2↵ | /a/z | 2 | a:↵··x: 1↵··# y: 9↵··z: 2↵b: 2↵",
                "comment of the next key | a:↵··x: 1↵# about b↵b: 2↵ | /a/z | 2 | a:↵··x: 1↵··z: 2↵# about b↵b: 2↵",
                "comment at the end | a: 1↵# bye↵ | /b | 2 | a: 1↵b: 2↵# bye↵",
                "blank line after | a:↵··x: 1↵↵b: 2↵ | /a/z | 2 | a:↵··x: 1↵··z: 2↵↵b: 2↵",
                "four blanks deep | a:↵····x: 1↵ | /a/z | 2 | a:↵····x: 1↵····z: 2↵",
                "after a literal | a: ¦↵··x↵··y↵ | /b | 2 | a: ¦↵··x↵··y↵b: 2↵",
                "after a literal at the very end | # c↵a: ¦↵··x | /b | 2 | # c↵a: ¦↵··x↵b: 2",
                "literal in a nested list | l:↵- a: ¦↵····x↵··b: 1↵- c↵ | /l/0/d | 2 | l:↵- a: ¦↵····x↵··b: 1↵··d: 2↵- c↵",
                "after a literal that keeps | a:↵··t: ¦+↵····x↵↵b: 1↵ | /a/c | 2 | a:↵··t: ¦+↵····x↵↵··c: 2↵b: 1↵",
                "after a folded one | a:↵··t: >-↵····x↵····y↵↵b: 1↵ | /a/c | 2 | a:↵··t: >-↵····x↵····y↵··c: 2↵↵b: 1↵",
                "in a list item | l:↵- n: x↵  v: 1↵- n: y↵ | /l/0/w | 2 | l:↵- n: x↵  v: 1↵  w: 2↵- n: y↵",
                "in a last item with a comment | - n: y # c↵ | /0/w | 2 | - n: y # c↵··w: 2↵",
                "flow mapping | a: {b: 1} # c↵ | /a/c | 2 | a: {b: 1, c: 2} # c↵",
                "flow mapping with blanks | a: { b: 1 }↵ | /a/c | 2 | a: { b: 1, c: 2 }↵",
                "flow in flow | a: {b: {}}↵ | /a/b/c | 'x' | a: {b: {c: x}}↵",
                "flow trailing comma | a: {b: 1,}↵ | /a/c | 2 | a: {b: 1, c: 2,}↵",
                "flow lines | a: {↵··b: 1 # one↵}↵ | /a/c | 2 | a: {↵··b: 1, # one↵··c: 2↵}↵",
                "flow lines, trailing comma | a: {↵··b: 1,↵}↵ | /a/c | 2 | a: {↵··b: 1,↵··c: 2,↵}↵",
                "flow parents | a: {b: 1}↵ | /a/c/d/e | 2 | a: {b: 1, c: {d: {e: 2}}}↵",
                "flow null | a: {b: , c: 1}↵ | /a/b | 2 | a: {b: 2 , c: 1}↵",
                "flow bare key | a: {b}↵ | /a/b | 2 | a: {b: 2}↵",
                "empty mapping | a:↵··b: {} # none↵··c: 1↵ | /a/b/x | 2 | a:↵··b: # none↵····x: 2↵··c: 1↵",
                "empty mapping in a list | - {}↵- a↵ | /0/x | 2 | - x: 2↵- a↵",
                "nothing | a:↵··b:↵··c: 1↵ | /a/b/x | 2 | a:↵··b:↵····x: 2↵··c: 1↵",
                "nothing, comment | a:↵··b: # none↵··c: 1↵ | /a/b/x | 2 | a:↵··b: # none↵····x: 2↵··c: 1↵",
                "nothing, at the end | a:↵··b: | /a/b/x | 2 | a:↵··b:↵····x: 2",
                "tilde | a: ~↵ | /a/x | 2 | a:↵··x: 2↵",
                "null | a: null # c↵ | /a/x | 2 | a: # c↵··x: 2↵",
                "nested parents, four blanks deep | a:↵····x: 1↵ | /s/t/u | 2 | a:↵····x: 1↵s:↵····t:↵········u: 2↵",
                "nested parents in a list, four blanks deep | l:↵- a:↵········x: 1↵ | /l/0/s/t/u | 2 | l:↵- a:↵········x: 1↵··s:↵········t:↵··············u: 2↵",
                "nested parents | a: 1↵ | /s/t/u | 'v w' | a: 1↵s:↵··t:↵····u: v w↵",
                "a list | a: 1↵ | /l | ['x',{'k':1,'m':[]}] | a: 1↵l:↵- x↵- k: 1↵··m: []↵",
                "a list, indented ones | a:↵··- 1↵ | /l | ['x'] | a:↵··- 1↵l:↵··- x↵",
                "document start | ---↵a: 1↵ | /b | 2 | ---↵a: 1↵b: 2↵",
                "document end | a: 1↵...↵ | /b | 2 | a: 1↵b: 2↵...↵",
                "document start on the line | --- {a: 1}↵ | /b | 2 | --- {a: 1, b: 2}↵",
                "quoted keys | 'a b': 1↵ | /a b | 2 | 'a b': 2↵",
                "number as a key | 80: 1↵ | /80 | 2 | 80: 2↵",
                "emoji before | a: 😀😀↵b: {c: 1}↵ | /b/d | 2 | a: 😀😀↵b: {c: 1, d: 2}↵",
                "explicit key, written anew | ? a↵: 1↵ | /b | 2 | a: 1↵b: 2↵",
                "pair in a flow list | a: [b: 1]↵ | /a/0/c | 2 | a: [{b: 1, c: 2}]↵",
                "long key | a: 1↵ | /b | 'a: b' | a: 1↵b: \"a: b\"↵"
            })
    void adds(String name, String before, String pointer, String value, String after) {
        assertThat(Yamls.set(text(before), pointer, value)).isEqualTo(text(after));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "plain | a: x # c↵b: 1↵ | /a | 'z' | a: z # c↵b: 1↵",
                "plain to quoted | a: x↵ | /a | '0' | a: \"0\"↵",
                "single quotes | a: 'x' # c↵ | /a | '0' | a: '0' # c↵",
                "double quotes | a: \"x\"↵ | /a | 'y' | a: \"y\"↵",
                "quotes to a number | a: \"x\"↵ | /a | 3 | a: 3↵",
                "number | a: 0x10↵ | /a | 3 | a: 3↵",
                "plain of many lines | a: x↵··y↵b: 1↵ | /a | 'z' | a: z↵b: 1↵",
                "literal | a: ¦↵··x↵··y↵↵b: 1↵ | /a | 'z' | a: z↵↵b: 1↵",
                "folded | a: >-↵··x↵··y↵b: 1↵ | /a | 'z' | a: z↵b: 1↵",
                "nothing | a:↵b: 1↵ | /a | 'z' | a: z↵b: 1↵",
                "nothing, comment | a: # c↵b: 1↵ | /a | 'z' | a: z # c↵b: 1↵",
                "mapping to scalar | a: # c↵··b: 1↵··c: 2↵d: 3↵ | /a | 'z' | a: z # c↵d: 3↵",
                "mapping to mapping | a:↵··b: 1↵··c: 2↵d: 3↵ | /a | {'e':1} | a:↵··e: 1↵d: 3↵",
                "mapping to empty | a:↵··b: 1↵d: 3↵ | /a | {} | a: {}↵d: 3↵",
                "list to scalar | a:↵- 1↵- 2↵d: 3↵ | /a | 'z' | a: z↵d: 3↵",
                "scalar to list | a: 1 # c↵d: 3↵ | /a | [1,2] | a: # c↵- 1↵- 2↵d: 3↵",
                "list item | - a # c↵- b↵ | /0 | 'z' | - z # c↵- b↵",
                "list item by a mapping | - a↵- b↵ | /0 | {'x':1,'z':2} | - x: 1↵··z: 2↵- b↵",
                "list item mapping by a scalar | - x: 1↵··y: 2↵- b↵ | /0 | 'a' | - a↵- b↵",
                "empty list item | -↵- b↵ | /0 | {'x':1,'z':2} | - x: 1↵··z: 2↵- b↵",
                "flow item | a: [1, 2, 3]↵ | /a/1 | 'x' | a: [1, x, 3]↵",
                "flow unsafe | a: [b]↵ | /a/0 | 'x,y' | a: [\"x,y\"]↵",
                "flow mapping anew | a: {b: 1}↵ | /a | {'c':1} | a: {c: 1}↵",
                "tagged | a: !!str 1↵ | /a | '2' | a: \"2\"↵",
                "anchored mapping anew | a: &x↵··b: 1↵c: 1↵ | /a | 'z' | a: z↵c: 1↵"
            })
    void replaces(String name, String before, String pointer, String value, String after) {
        assertThat(Yamls.set(text(before), pointer, value)).isEqualTo(text(after));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "first | a: 1 # c↵b: 2↵ | /a | b: 2↵",
                "middle | a: 1↵# about b↵b: 2↵c: 3↵ | /b | a: 1↵# about b↵c: 3↵",
                "last | a: 1↵b: 2↵ | /b | a: 1↵",
                "last without a break | a: 1↵b: 2 | /b | a: 1",
                "block | a:↵··x: 1↵··z: 2↵b: 2↵ | /a | b: 2↵",
                "literal | a: ¦↵··x↵··y↵b: 2↵ | /a | b: 2↵",
                "the only one | a:↵··b: 1↵c: 1↵ | /a/b | a: {}↵c: 1↵",
                "first of an item | - a: 1↵··b: 2↵ | /0/a | - b: 2↵",
                "first two of an item | - a: 1↵··b: 2↵··c: 3↵ | /0/b | - a: 1↵··c: 3↵",
                "flow first | a: {b: 1, c: 2}↵ | /a/b | a: {c: 2}↵",
                "flow last | a: {b: 1, c: 2}↵ | /a/c | a: {b: 1}↵",
                "flow only | a: {b: 1}↵ | /a/b | a: {}↵",
                "item | a:↵- x↵- y # c↵- z↵ | /a/1 | a:↵- x↵- z↵",
                "item block | - a: 1↵··b: 2↵- c: 1↵ | /0 | - c: 1↵",
                "only item | a:↵··- x↵b: 1↵ | /a/0 | a: []↵b: 1↵",
                "nested first item | - - a↵··- b↵ | /0/0 | - - b↵",
                "flow item first | [a, b, c]↵ | /0 | [b, c]↵",
                "flow item last | [a, b, c]↵ | /2 | [a, b]↵",
                "lines of JSON | {↵··\"a\": 1,↵··\"b\": 2↵}↵ | /b | {↵··\"a\": 1↵}↵"
            })
    void removes(String name, String before, String pointer, String after) {
        assertThat(Yamls.remove(text(before), pointer)).isEqualTo(text(after));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "end | l:↵- a # c↵b: 1↵ | /l/+1 | 'x' | l:↵- a # c↵- x↵b: 1↵",
                "front | l:↵··- a↵··- b↵ | /l/+0 | 'x' | l:↵··- x↵··- a↵··- b↵",
                "middle | - a↵# b↵- b↵ | /+1 | {'k':1,'m':2} | - a↵- k: 1↵··m: 2↵# b↵- b↵",
                "after a mapping | - k: 1↵··m: 2↵- k: 3↵ | /+1 | {'k':2} | - k: 1↵··m: 2↵- k: 2↵- k: 3↵",
                "list in a list | - - a↵- - b↵ | /0/+1 | 'x' | - - a↵··- x↵- - b↵",
                "front in a nested list | - - a↵ | /0/+0 | 'x' | - - x↵··- a↵",
                "empty list | a: [] # c↵b: 1↵ | /a/+0 | 'x' | a: # c↵- x↵b: 1↵",
                "flow end | [a, b]↵ | /+2 | 'x' | [a, b, \"x\"]↵",
                "flow in block | l: [a, b]↵ | /l/+2 | 'x' | l: [a, b, x]↵",
                "flow front | l: [a, b]↵ | /l/+0 | 'x' | l: [x, a, b]↵",
                "flow lines | l: [↵··a,↵··b↵]↵ | /l/+2 | 'x' | l: [↵··a,↵··b,↵··x↵]↵",
                "named, moved down | - name: a↵··v: 1↵ | /+0 | {'name':'s'} | - name: s↵- name: a↵··v: 1↵"
            })
    void insertsItems(String name, String before, String pointer, String value, String after) {
        assertThat(Yamls.set(text(before), pointer, value)).isEqualTo(text(after));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "dense | {\"a\":{\"b\":1}} | /a/c | {'d':'e'} | {\"a\":{\"b\":1,\"c\":{\"d\":\"e\"}}}",
                "spaced | {\"a\": 1} | /c | true | {\"a\": 1, \"c\": true}",
                "lines | {↵··\"a\": 1↵} | /c | [1,'x'] | {↵··\"a\": 1,↵··\"c\": [1, \"x\"]↵}",
                "empty | {}↵ | /c | 'x' | {\"c\": \"x\"}↵",
                "empty inside | {\"a\":{}} | /a/c | 'x' | {\"a\":{\"c\":\"x\"}}",
                "null | {\"a\": null} | /a/c | 'x' | {\"a\": {\"c\": \"x\"}}",
                "value | {\"a\": \"x\"} | /a | 'y' | {\"a\": \"y\"}"
            })
    void editsJson(String name, String before, String pointer, String value, String after) {
        assertThat(Yamls.set(text(before), pointer, value)).isEqualTo(text(after));
    }

    @Test
    @DisplayName("JSON indented with tabs, as Go programs write it")
    void tabs() {
        assertThat(Yamls.set("{\n\t\"a\": \"x\\ty\"\n}\n", "/b", "1"))
                .isEqualTo("{\n\t\"a\": \"x\\ty\",\n\t\"b\": 1\n}\n");
        assertThat(Yamls.set("a:\t\"3\"\t# c\nb: \t\n  c: 1\n", "/a", "\"4\""))
                .isEqualTo("a:\t\"4\"\t# c\nb: \t\n  c: 1\n");
        assertThat(Yamls.set("a:\t\"3\"\t# c\nb: \t\n  c: 3e2\t\n", "/b/d", "1.0"))
                .isEqualTo("a:\t\"3\"\t# c\nb: \t\n  c: 3e2\t\n  d: 1.0\n");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "inside the alias | a: &x {b: 1}↵c: *x # c↵ | /c/b | 2 | a: &x {b: 1}↵c: # c↵··b: 2↵",
                "inside the anchor | a: &x {b: 1}↵c: *x↵ | /a/b | 2 | a: &x {b: 2}↵c:↵··b: 1↵",
                "anchor removed | a: &x {b: 1}↵c: *x↵ | -/a |  | c:↵··b: 1↵",
                "one of two | a: &x 1↵c: *x↵d: *x↵ | /c | 2 | a: &x 1↵c: 2↵d: *x↵",
                "in flow | a: &x {b: 1}↵c: [*x , 2]↵ | /c/0/b | 2 | a: &x {b: 1}↵c: [{b: 2} , 2]↵",
                "beside a merge | a: &x {b: 1}↵c:↵··<<: *x↵ | /c/d | 2 | a: &x {b: 1}↵c:↵··<<: *x↵··d: 2↵",
                "over a merge | a: &x {b: 1}↵c:↵··<<: *x↵ | /c/b | 2 | a: &x {b: 1}↵c:↵··<<: *x↵··b: 2↵",
                "out of a merge | a: &x {b: 1, d: 1}↵c:↵··<<: *x↵ | -/c/b |  | a: &x {b: 1, d: 1}↵c:↵··d: 1↵",
                "under a merge | a: &x {b: 1}↵c:↵··<<: *x↵··e: 1↵ | /a/b | 2 | a: &x {b: 2}↵c:↵··<<: *x↵··e: 1↵··b: 1↵",
                "new under a merge | a: &x {b: 1}↵c:↵··<<: *x↵··e: 1↵ | /a/d | 2 | a: &x {b: 1, d: 2}↵c:↵··b: 1↵··e: 1↵"
            })
    void anchors(String name, String before, String pointer, String value, String after) {
        String edited = pointer.startsWith("-")
                ? Yamls.remove(text(before), pointer.substring(1))
                : Yamls.set(text(before), pointer, value);
        assertThat(edited).isEqualTo(text(after));
    }

    @Test
    @DisplayName("the anchor and its alias changed alike: the alias stays")
    void anchorWithItsAlias() {
        YamlDocument document = document("a: &x {b: 1}\nc: *x\n");
        assertThat(YamlEdit.apply(document, json("{'a':{'b':2},'c':{'b':2}}"))).isEqualTo("a: &x {b: 2}\nc: *x\n");
    }

    @Test
    @DisplayName("line breaks of Windows stay, also in what is added")
    void windows() {
        assertThat(Yamls.set("a:\r\n  b: 1 # c\r\n\r\nd: 2\r\n", "/a/e/f", "'0'"))
                .isEqualTo("a:\r\n  b: 1 # c\r\n  e:\r\n    f: \"0\"\r\n\r\nd: 2\r\n");
    }

    @Test
    @DisplayName("the mark of UTF-8 stays, and does not shift the keys")
    void byteOrderMark() {
        assertThat(Yamls.set("\uFEFFa: 1\n", "/b", "2")).isEqualTo("\uFEFFa: 1\nb: 2\n");
        assertThat(Yamls.remove("\uFEFFa: 1\nb: 2\n", "/b")).isEqualTo("\uFEFFa: 1\n");
    }

    @Test
    @DisplayName("a service: many changes at once, each in its place")
    void service() {
        String before = """
                # Who owns this: search team
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata:
                    name: "hello"   # keep
                spec:
                    template:
                        metadata:
                            annotations:
                                autoscaling.knative.dev/target: "10"
                                # autoscaling.knative.dev/metric: rps
                        spec:
                            containers:
                              - image: gcr.io/hello
                                env: [{name: A, value: "1"}]
                                ports:
                                - containerPort: 8080

                              # the sidecar
                              - image: side
                """;
        String after = """
                # Who owns this: search team
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata:
                    name: "hello"   # keep
                spec:
                    template:
                        metadata:
                            annotations:
                                autoscaling.knative.dev/target: "10"
                                # autoscaling.knative.dev/metric: rps
                                autoscaling.knative.dev/max-scale: "0"
                        spec:
                            containers:
                              - image: gcr.io/hello
                                env: [{name: A, value: "1"}, {name: B, value: "2"}]
                                ports:
                                - containerPort: 8080
                                resources:
                                    limits:
                                        cpu: 500m

                              # the sidecar
                              - image: side
                            timeoutSeconds: 300
                """;
        var document = document(before);
        var content = document.content();
        content = Yamls.with(
                content, "/spec/template/metadata/annotations/autoscaling.knative.dev~1max-scale", json("'0'"));
        content = Yamls.with(content, "/spec/template/spec/containers/0/env/+1", json("{'name':'B','value':'2'}"));
        content = Yamls.with(content, "/spec/template/spec/containers/0/resources/limits/cpu", json("'500m'"));
        content = Yamls.with(content, "/spec/template/spec/timeoutSeconds", json("300"));
        assertThat(YamlEdit.apply(document, content)).isEqualTo(after);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "comments | # c↵ | # c↵a: 1↵",
                "comments without a break | # c | # c↵a: 1↵",
                "marker | ---↵ | ---↵a: 1↵",
                "marker without a break | --- | ---↵a: 1↵",
                "marker, comment, end | ---↵# c↵...↵ | ---↵# c↵a: 1↵...↵",
                "null | ~↵ | a: 1↵"
            })
    void fillsEmptyDocuments(String name, String before, String after) {
        assertThat(YamlEdit.apply(document(text(before)), json("{'a':1}"))).isEqualTo(text(after));
    }
}

package dev.trimtab.yaml;

import static dev.trimtab.yaml.Yamls.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlWriterTest {
    @Test
    @DisplayName("as kubectl writes it: order kept, lists below their key, quotes only where needed")
    void service() {
        String text = YamlWriter.write(json("""
                {'kind':'Service','metadata':{'annotations':{'autoscaling.knative.dev/max-scale':'0'},'labels':{}},
                 'spec':{'containers':[{'image':'ko://a/b:1','args':['--port=80','-v'],'env':[]},[1,[2.0,null]]],
                 'ready':true,'script':'a\\nb\\n','on':'yes'}}
                """));
        assertThat(text).isEqualTo("""
                        kind: Service
                        metadata:
                          annotations:
                            autoscaling.knative.dev/max-scale: "0"
                          labels: {}
                        spec:
                          containers:
                          - image: ko://a/b:1
                            args:
                            - --port=80
                            - -v
                            env: []
                          - - 1
                            - - 2.0
                              - null
                          ready: true
                          script: "a\\nb\\n"
                          "on": "yes"
                        """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a b",
                "500m",
                "1Gi",
                "30s",
                "http://x:80/y?z=1",
                "--flag=x",
                "$(VAR)",
                "ü",
                "a.b/c-d_e",
                "it's"
            })
    void plain(String text) {
        boolean quote = text.contains("'");
        assertThat(YamlWriter.write(TextNode.valueOf(text))).isEqualTo((quote ? '"' + text + '"' : text) + "\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a ",
                " a",
                "0",
                "-1",
                "1.5",
                "1e3",
                "1_000",
                "0x1f",
                "0o7",
                "010",
                "12:30",
                ".5",
                ".inf",
                ".nan",
                "true",
                "Yes",
                "on",
                "y",
                "N",
                "null",
                "~",
                "Null",
                "2024-01-01",
                "a: b",
                "a:",
                "a #b",
                "#a",
                "- a",
                "-",
                "---",
                "...",
                "&a",
                "*a",
                "!a",
                "%a",
                "@a",
                "`a",
                "{a}",
                "[a]",
                "|",
                ">",
                "<<",
                "=",
                "? a",
                "'a'",
                "a\nb",
                "a\tb"
            })
    void quoted(String text) {
        assertThat(YamlWriter.write(TextNode.valueOf(text))).isEqualTo(ScalarText.quoted(text) + "\n");
        assertThat(Yamls.content(YamlWriter.write(TextNode.valueOf(text))).textValue())
                .isEqualTo(text);
    }

    @Test
    @DisplayName("a key longer than parsers look for its colon")
    void longKey() {
        String key = "k".repeat(2000);
        assertThat(Yamls.content(YamlWriter.write(json("{'a':{'" + key + "':{'b':[1]}}}")))
                        .at("/a/" + key + "/b/0")
                        .intValue())
                .isEqualTo(1);
    }

    @Test
    void refusesWhatJsonCannotSay() {
        assertThatThrownBy(() -> YamlWriter.write(DoubleNode.valueOf(Double.POSITIVE_INFINITY)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

package dev.trimtab.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.yaml.YamlStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The comparisons themselves, on what is known of them. */
class DiffsTest {
    private static final String GIT =
            "{metadata: {name: a, annotations: {max: \"3\"}}, spec: {size: 1, list: [{name: x, image: i}], map: {k: v}}}";

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            an annotation more     | {a: {max: "3", more: "1"}, size: 1, list: [{name: x, image: i}], map: {k: v}}     |
            a scalar more          | {a: {max: "3"}, size: 1, more: 2, list: [{name: x, image: i}], map: {k: v}}       |
            a key in a list's item | {a: {max: "3"}, size: 1, list: [{name: x, image: i, more: 1}], map: {k: v}}       |
            a key in a map         | {a: {max: "3"}, size: 1, list: [{name: x, image: i}], map: {k: v, more: w}}       |
            a list that Git lacks  | {a: {max: "3"}, size: 1, list: [{name: x, image: i}], map: {k: v}, other: [1]}    |
            another number type    | {a: {max: "3"}, size: 1.0, list: [{name: x, image: i}], map: {k: v}}              |
            a changed annotation   | {a: {max: "5"}, size: 1, list: [{name: x, image: i}], map: {k: v}}                | /metadata/annotations/max
            an item appended       | {a: {max: "3"}, size: 1, list: [{name: x, image: i}, {name: y}], map: {k: v}}     | /spec/list
            an item prepended      | {a: {max: "3"}, size: 1, list: [{name: y}, {name: x, image: i}], map: {k: v}}     | /spec/list
            a field taken away     | {a: {max: "3"}, list: [{name: x, image: i}], map: {k: v}}                      | /spec/size
            """)
    @DisplayName("Argo CD's default diff flags what is changed, appended or gone, and nothing that is added")
    void argoDefault(String what, String live, String expected) {
        ObjectNode spec = yaml(live);
        ObjectNode stored = yaml("{metadata: {name: a, namespace: m, uid: u, creationTimestamp: t}}");
        stored.withObject("/metadata").set("annotations", spec.remove("a"));
        stored.set("spec", spec);
        stored.withObject("/metadata/annotations")
                .put(
                        "kubectl.kubernetes.io/last-applied-configuration",
                        yaml(GIT).toString());

        assertThat(String.join(" ", ArgoDefaultDiff.of(yaml(GIT), stored)))
                .as(what)
                .isEqualTo(expected == null ? "" : expected);
    }

    @Test
    @DisplayName("what Git gave up since the last apply is a difference; what Git never had is none")
    void argoDefaultDeletes() {
        ObjectNode live = yaml("{metadata: {annotations: {gone: \"1\", kept: \"1\", others: \"1\"}}, spec: {size: 1}}");
        live.withObject("/metadata/annotations")
                .put(
                        "kubectl.kubernetes.io/last-applied-configuration",
                        "{\"metadata\":{\"annotations\":{\"gone\":\"1\",\"kept\":\"1\"}},\"spec\":{\"size\":1}}");

        assertThat(ArgoDefaultDiff.of(yaml("{metadata: {annotations: {kept: \"1\"}}, spec: {size: 1}}"), live))
                .containsExactly("/metadata/annotations/gone");
    }

    @Test
    @DisplayName("Argo CD's server-side diff takes from the live object what it does not own, unless told otherwise")
    void argoServerSide() {
        ObjectNode live = yaml("{metadata: {}, spec: {size: 1, filled: 2, volumes: [{name: x, size: 1}, {name: w}]}}");
        ObjectNode dryRun = yaml("""
                metadata:
                  managedFields:
                    - {manager: argocd-controller, fieldsV1: {"f:spec": {"f:size": {}, "f:volumes":
                        {".": {}, 'k:{"name":"x"}': {".": {}, "f:name": {}, "f:size": {}}}}}}
                    - {manager: other, fieldsV1: {"f:spec": {"f:filled": {}}}}
                spec: {size: 1, filled: 3, volumes: [{name: x, size: 2}]}
                """);

        assertThat(ArgoServerSideDiff.of(live, dryRun)).containsExactly("/spec/volumes/0/size");
        assertThat(ArgoServerSideDiff.withMutations(live, dryRun)).containsExactly("/spec/filled", "/spec/volumes");
    }

    @Test
    @DisplayName("Flux compares labels, annotations and the rest, but no other metadata and no status")
    void flux() {
        ObjectNode live = yaml("{metadata: {generation: 1, annotations: {a: \"1\"}}, spec: {size: 1}, status: {s: 1}}");

        assertThat(FluxDrift.of(live, yaml("{metadata: {annotations: {a: \"1\"}, labels: {}}, spec: {size: 1}}")))
                .isEmpty();
        assertThat(FluxDrift.of(live, yaml("{metadata: {labels: {b: \"1\"}}, spec: {size: 2}}")))
                .containsExactly("/spec/size", "/metadata/labels/b", "/metadata/annotations/a");
    }

    private static ObjectNode yaml(String text) {
        return (ObjectNode) YamlStream.read(text).get(0).content();
    }
}

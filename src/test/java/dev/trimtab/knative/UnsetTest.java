package dev.trimtab.knative;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnsetTest {
    private static final JsonPointer NAME = JsonPointer.compile("/spec/template/spec/containers/0/name");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /spec/template/spec/timeoutSeconds | 0 | true
            /spec/template/spec/timeoutSeconds | 1 | false
            /spec/template/spec/timeoutSeconds | "" | false
            /spec/template/spec/containers/0/readinessProbe/successThreshold | 0 | true
            /spec/template/spec/containers/0/readinessProbe/initialDelaySeconds | 0 | false
            /spec/template/spec/containerConcurrency | 0 | false
            /spec/template/spec/terminationGracePeriodSeconds | 0 | false
            /spec/template/spec/containers/0/name | "" | true
            /spec/template/spec/containers/0/name | "c" | false
            /spec/template/spec/initContainers/1/imagePullPolicy | "" | true
            /spec/template/spec/containers/0/image | "" | false
            /spec/template/spec/containers/0/env/0/value | "" | false
            /spec/template/spec/containers/0/livenessProbe/httpGet/scheme | "" | true
            /spec/template/spec/serviceAccount | "" | true
            /spec/template/spec/serviceAccountName | "" | false
            """)
    @DisplayName("a zero that Knative or Kubernetes replaces by a default, and one that means zero")
    void zeros(String at, String json, boolean unset) {
        JsonNode value = Corpus.object("{\"it\": " + json + "}").get("it");

        assertThat(Unset.isZero(JsonPointer.compile(at), value)).isEqualTo(unset);
        assertThat(Unset.is(JsonPointer.compile(at), value)).isEqualTo(unset);
    }

    @Test
    void whatIsNotThereIsUnset() {
        JsonNode nothing = Corpus.object("{\"it\": null}").get("it");

        assertThat(Unset.is(NAME, nothing)).isTrue();
        assertThat(Unset.is(NAME, MissingNode.getInstance())).isTrue();
        assertThat(Unset.isZero(NAME, nothing)).isFalse();
    }

    @Test
    @DisplayName("a number that is the whole document has no name")
    void wholeDocument() {
        JsonNode zero = Corpus.object("{\"it\": 0}").get("it");

        assertThat(Unset.isZero(JsonPointer.empty(), zero)).isFalse();
    }
}

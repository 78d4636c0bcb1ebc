package dev.trimtab.knative;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.yaml.YamlStream;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RevisionTest {
    @Test
    void allThatAReviewNeeds() {
        Revision revision = read("blue", "configuration: s, service: s, routingState: active", "3");

        assertThat(revision)
                .isEqualTo(new Revision(
                        "s", "blue", true, OptionalInt.of(3), Optional.of(Corpus.object("{\"timeoutSeconds\": 7}"))));
    }

    @Test
    void withoutAServiceItIsNone() {
        assertThat(Revision.of(Corpus.object("{\"metadata\": {\"name\": \"c-00001\"}}")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "s-00001, false",
        "s-123456, false",
        "s-0001, true",
        "s-00001x, true",
        "s00001, true",
        "other-00001, true",
        "s-blue, true"
    })
    @DisplayName("the pod is kept only if its author named the revision")
    void named(String name, boolean named) {
        assertThat(read(name, "configuration: s, service: s", "1").podSpec().isPresent())
                .isEqualTo(named);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "2, 2", "-1,", "many,", "99999999999,"})
    void replicas(String replicas, Integer read) {
        OptionalInt expected = read == null ? OptionalInt.empty() : OptionalInt.of(read);

        assertThat(read("s-00001", "configuration: s, service: s", replicas).actualReplicas())
                .isEqualTo(expected);
    }

    @Test
    void reservedIsNotRouted() {
        assertThat(read("s-00001", "service: s, routingState: reserve", "1").isRouted())
                .isFalse();
    }

    private static Revision read(String name, String labels, String replicas) {
        JsonNode revision = YamlStream.read(
                        """
                        metadata: {name: %s, labels: {%s}}
                        spec: {timeoutSeconds: 7}
                        status: {actualReplicas: %s}
                        """.formatted(name, labels.replaceAll("(\\w+):", "serving.knative.dev/$1:"), replicas))
                .get(0)
                .content();
        return Revision.of((ObjectNode) revision).orElseThrow();
    }
}

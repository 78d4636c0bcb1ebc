package dev.trimtab.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClosestWordTest {
    private static final List<String> KNOWN =
            List.of("mode", "namespaces", "kinds", "maxScale", "initialScale", "MinReplicas", "Clamp");

    @ParameterizedTest
    @CsvSource({
        "namespace, namespaces",
        "namepsaces, namespaces",
        "kind, kinds",
        "MODE, mode",
        "max_scale, maxScale",
        "minScale, maxScale",
        "initalScal, initialScale",
        "minreplicas, MinReplicas",
        "Calmp, Clamp",
        "Clam, Clamp",
        "Replicas, MinReplicas",
        "gpu,",
        "x,",
        "modern,",
    })
    void to(String written, String meant) {
        assertThat(ClosestWord.to(written, KNOWN).orElse(null)).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({"65, false", "64, true"})
    void longTextsAreNotCompared(int length, boolean compared) {
        assertThat(ClosestWord.to("a".repeat(length), List.of("a".repeat(64))).isPresent())
                .isEqualTo(compared);
    }
}

package dev.trimtab.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetAnnotationTest {
    @ParameterizedTest(name = "{0}: {1} at {2}, volume {3}")
    @CsvSource({
        "llama, llama, /data/models, dataset-llama",
        "llama:/models, llama, /models, dataset-llama",
        "llama-3.1-8b:/mnt/models/llama 3, llama-3.1-8b, /mnt/models/llama 3, dataset-llama-3-1-8b",
        "7b:/a/..b, 7b, /a/..b, dataset-7b"
    })
    void isUnderstood(String annotation, String name, String path, String volume) {
        assertThat(DatasetAnnotation.parse(annotation)).hasValueSatisfying(dataset -> {
            assertThat(dataset).isEqualTo(new DatasetAnnotation(name, path));
            assertThat(dataset.volumeName()).isEqualTo(volume);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Llama",
                "llama_3",
                "-llama",
                "llama.",
                "a..b",
                " llama",
                "llama ",
                "llama:",
                "llama:models",
                "llama:/",
                "llama:/models/",
                "llama://models",
                "llama:/a/../b",
                "llama:/a/./b",
                "llama:/a:ro",
                "llama:/dev",
                "llama:/a\nb",
                ":/models"
            })
    @DisplayName("what is no name of a claim, or no path to mount at, is not understood")
    void isNot(String annotation) {
        assertThat(DatasetAnnotation.parse(annotation)).isEmpty();
    }

    @Test
    @DisplayName("a long name is cut to a DNS label, which does not end in a dash")
    void longName() {
        String cutAtDash = "a".repeat(54) + "-" + "b".repeat(20);
        assertThat(new DatasetAnnotation(cutAtDash, "/models").volumeName()).isEqualTo("dataset-" + "a".repeat(54));
        assertThat(DatasetAnnotation.parse("a".repeat(253))).isPresent();
        assertThat(DatasetAnnotation.parse("a".repeat(254))).isEmpty();
        assertThat(DatasetAnnotation.parse("llama:/" + "a/".repeat(100_000) + "b"))
                .isEmpty();
    }

    @Test
    @DisplayName("a path is the same if it leads to the same place, as Knative compares it")
    void samePath() {
        DatasetAnnotation dataset = new DatasetAnnotation("llama", "/data/models");
        assertThat(List.of(
                        "/data//models/",
                        "//data/models",
                        "/data/./models",
                        "/data/models/.",
                        "/data/x/../models",
                        "/../data/models"))
                .allMatch(dataset::isPath);
        assertThat(List.of("/data/models2", "/data/models/..", "data/models", "../data/models", "", "/"))
                .noneMatch(dataset::isPath);
    }
}

package dev.trimtab.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.yaml.YamlStream;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "KServe, at its first look  | 10:00:30 | status: 'False'                            | false | false",
                "KServe, later              | 10:05:00 | status: 'False'                            | true  | false",
                "KServe, stopped            | 10:05:00 | status: 'True'                             | false | false",
                "Trimtab, at any time       | 10:00:30 | status: 'False', reason: StoppedByTrimtab  | true  | true",
                "Trimtab, stopped           | 10:00:30 | status: 'True', reason: StoppedByTrimtab   | false | false"
            })
    @DisplayName("KServe says Stopped=False of a new service too, Trimtab only of one that was stopped")
    void since(String who, String time, String condition, boolean starts, boolean noted) {
        ObjectNode service = (ObjectNode)
                YamlStream.read("""
                apiVersion: serving.kserve.io/v1beta1
                kind: InferenceService
                metadata: {name: llama, creationTimestamp: "2026-11-22T10:00:00Z"}
                status: {conditions: [{type: Stopped, %s, lastTransitionTime: "2026-11-22T%sZ"}]}
                """.formatted(condition, time)).get(0).content();
        Manifest manifest = new Manifest(service);
        Instant expected = Instant.parse("2026-11-22T%sZ".formatted(time));
        assertThat(Starting.since(manifest).filter(expected::equals).isPresent())
                .as(who)
                .isEqualTo(starts);
        assertThat(Starting.isNoted(manifest)).as(who).isEqualTo(noted);
    }
}

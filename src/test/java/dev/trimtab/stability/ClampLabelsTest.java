package dev.trimtab.stability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.rules.Decision;
import dev.trimtab.rules.Decision.Clamped;
import dev.trimtab.rules.Decision.Filled;
import dev.trimtab.stability.FillRecord.Clamp;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClampLabelsTest {
    private static final String LABEL = "clamped.trimtab.dev/max-scale";
    private static final JsonPointer MAX_SCALE = KnativeService.annotation(ScaleAnnotation.MAX_SCALE.key());
    private static final FillRecord UNBOUNDED = new FillRecord(Map.of(), Map.of(MAX_SCALE, clamp("0", "20")));

    @Test
    @DisplayName("what was written is read again, in the author's spelling of the key, too")
    void roundTrip() {
        ObjectNode service = Services.rendered("example/llm:1", "max-scale=20");
        ClampLabels.write(List.of(clamped(MAX_SCALE, "0", "20")), FillRecord.EMPTY, service);
        assertThat(label(service)).isEqualTo("0_20");
        assertThat(ClampLabels.read(service)).isEqualTo(UNBOUNDED);

        JsonPointer camel = KnativeService.annotation("autoscaling.knative.dev/maxScale");
        ObjectNode spelled = Services.rendered("example/llm:1", "maxScale=20");
        ClampLabels.write(List.of(clamped(camel, "0", "20")), FillRecord.EMPTY, spelled);
        assertThat(label(spelled)).isEqualTo("0_20");
        assertThat(ClampLabels.read(spelled).clamped()).containsOnlyKeys(camel);
    }

    @Test
    @DisplayName(
            "a label may be a copy: not read on a hand-written object, beside another value, or without the author's value")
    void copies() {
        ObjectNode written = Services.handWritten("example/llm:1", "max-scale=20");
        labelled(written, "0_20");
        assertThat(ClampLabels.read(written)).isEqualTo(FillRecord.EMPTY);

        for (String label : List.of("0_30", "_20", "20", "", "x7_20", "xyz_20")) {
            ObjectNode rendered = Services.rendered("example/llm:1", "max-scale=20");
            labelled(rendered, label);
            assertThat(ClampLabels.read(rendered)).as(label).isEqualTo(FillRecord.EMPTY);
        }
    }

    @ParameterizedTest
    @CsvSource({"+7, x2b37", "-0, x2d30", "x7, x7837", "µ, xc2b5", "7_000, 7_000", "1e-5, 1e-5", "0.5, 0.5"})
    @DisplayName("a text that a label cannot hold is in hex, and is read again")
    void inHex(String author, String label) {
        ObjectNode service = Services.rendered("example/llm:1", "max-scale=20");
        ClampLabels.write(List.of(clamped(MAX_SCALE, author, "20")), FillRecord.EMPTY, service);

        assertThat(label(service)).isEqualTo(label + "_20");
        assertThat(ClampLabels.read(service).clamped()).containsEntry(MAX_SCALE, clamp(author, "20"));
    }

    @Test
    @DisplayName("a value that is too long for a label is not labelled")
    void tooLong() {
        ObjectNode service = Services.rendered("example/llm:1");
        ClampLabels.write(List.of(clamped(MAX_SCALE, "+" + "1".repeat(30), "20")), FillRecord.EMPTY, service);
        ClampLabels.write(List.of(clamped(MAX_SCALE, "1".repeat(62), "20")), FillRecord.EMPTY, service);
        assertThat(label(service)).isNull();

        ClampLabels.write(List.of(clamped(MAX_SCALE, "1".repeat(60), "20")), FillRecord.EMPTY, service);
        assertThat(label(service)).hasSize(63);
    }

    @Test
    @DisplayName("an empty label tells that a fill replaced a clamped value; a fill elsewhere has none")
    void givenUp() {
        ObjectNode service = Services.rendered("example/llm:1", "max-scale=5");
        Decision filled = new Filled("max-scale", MAX_SCALE, TextNode.valueOf("5"), "", "", false);
        ClampLabels.write(List.of(filled), FillRecord.EMPTY, service);
        assertThat(label(service)).isNull();
        assertThat(ClampLabels.givenUp(service)).isEmpty();

        ClampLabels.write(List.of(filled), UNBOUNDED, service);
        assertThat(label(service)).isEmpty();
        assertThat(ClampLabels.givenUp(service)).isEqualTo(Set.of(MAX_SCALE));
    }

    @Test
    @DisplayName("taken off: these labels only, and the object itself stays")
    void takenOff() {
        ObjectNode service = Services.rendered("example/llm:1");
        ObjectNode labelled = service.deepCopy();
        labelled(labelled, "0_20");

        assertThat(ClampLabels.takenOff(labelled)).isEqualTo(service);
        assertThat(label(labelled)).isEqualTo("0_20");
    }

    private static void labelled(ObjectNode object, String value) {
        Pointers.set(object, Pointers.of("metadata", "labels", LABEL), TextNode.valueOf(value));
    }

    private static String label(ObjectNode object) {
        return new Manifest(object).labels().get(LABEL);
    }

    private static Clamped clamped(JsonPointer at, String author, String ours) {
        return new Clamped("max-scale", at, TextNode.valueOf(author), TextNode.valueOf(ours), "");
    }

    private static Clamp clamp(String author, String ours) {
        JsonNode written = TextNode.valueOf(author);
        return new Clamp(written, TextNode.valueOf(ours));
    }
}

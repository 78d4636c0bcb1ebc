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
import dev.trimtab.stability.FillRecord.Clamp;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FillRecordTest {
    private static final JsonPointer TIMEOUT = KnativeService.POD_SPEC.appendProperty("timeoutSeconds");
    private static final JsonPointer MEMORY = KnativeService.CONTAINERS
            .appendIndex(0)
            .appendProperty("resources")
            .appendProperty("limits")
            .appendProperty("memory");
    private static final JsonPointer VOLUMES = KnativeService.POD_SPEC.appendProperty("volumes");
    private static final JsonPointer MAX_SCALE = KnativeService.annotation(ScaleAnnotation.MAX_SCALE.key());
    private static final Clamp CLAMP = new Clamp(TextNode.valueOf("0"), TextNode.valueOf("20"));

    private final ObjectNode service = Services.rendered("example/llm:1", "max-scale=20");

    @Test
    @DisplayName("what is written is read again; an empty record leaves no annotation")
    void roundTrip() {
        FillRecord record = new FillRecord(Map.of(TIMEOUT, service.at(TIMEOUT)), Map.of(MAX_SCALE, CLAMP));
        record.writeTo(service);
        assertThat(FillRecord.of(service)).isEqualTo(record);

        FillRecord.EMPTY.writeTo(service);
        assertThat(new Manifest(service).annotations().has(FillRecord.ANNOTATION))
                .isFalse();
        assertThat(FillRecord.of(service)).isEqualTo(FillRecord.EMPTY);
    }

    @Test
    @DisplayName("equal records have one text, whatever the order of keys, in lists too")
    void oneText() {
        assertThat(text("{a: [{x: 1, z: {p: 1, q: 2}}], b: 2}"))
                .isEqualTo(text("{b: 2, a: [{z: {q: 2, p: 1}, x: 1}]}"))
                .contains("{\"a\":[{\"x\":1,\"z\":{\"p\":1,\"q\":2}}],\"b\":2}");
    }

    @Test
    @DisplayName(
            "within an object are the fills and clamps whose value still stands; a quantity may be spelled otherwise")
    void within() {
        JsonNode timeout = service.at(TIMEOUT);
        FillRecord record =
                new FillRecord(Map.of(TIMEOUT, timeout, MEMORY, TextNode.valueOf("1Gi")), Map.of(MAX_SCALE, CLAMP));
        assertThat(record.within(service)).isEqualTo(record);

        Pointers.set(service, TIMEOUT, service.numberNode(timeout.intValue() + 1));
        Pointers.set(service, MAX_SCALE, TextNode.valueOf("19"));
        assertThat(record.within(service)).isEqualTo(new FillRecord(Map.of(MEMORY, TextNode.valueOf("1Gi")), Map.of()));
    }

    @Test
    @DisplayName("taken out: what is still ours; the author's clamped value comes back; what was edited since stays")
    void takeOut() {
        ObjectNode edited = service.deepCopy();
        Pointers.set(edited, TIMEOUT, edited.numberNode(61));
        Pointers.set(edited, MAX_SCALE, TextNode.valueOf("19"));
        ObjectNode before = edited.deepCopy();
        FillRecord record = new FillRecord(Map.of(TIMEOUT, service.at(TIMEOUT)), Map.of(MAX_SCALE, CLAMP));

        record.takeOut(edited);
        assertThat(edited).isEqualTo(before);

        record.takeOut(service);
        assertThat(service.at(TIMEOUT).isMissingNode()).isTrue();
        assertThat(service.at(MAX_SCALE)).isEqualTo(TextNode.valueOf("0"));
    }

    @Test
    @DisplayName("entries of a list are taken out from its end: each removal moves those behind it")
    void lists() {
        Pointers.set(
                service, VOLUMES, service.arrayNode().add("author").add("first").add("second"));
        JsonPointer first = VOLUMES.appendIndex(1);
        JsonPointer second = VOLUMES.appendIndex(2);

        new FillRecord(Map.of(first, service.at(first), second, service.at(second)), Map.of()).takeOut(service);

        assertThat(service.at(VOLUMES)).isEqualTo(service.arrayNode().add("author"));
    }

    @Test
    @DisplayName("leaving: the record moves aside and back, and then says that it is done")
    void left() {
        FillRecord record = new FillRecord(Map.of(TIMEOUT, service.at(TIMEOUT)), Map.of());
        record.writeTo(service);
        ObjectNode held = service.deepCopy();
        assertThat(LeftRecord.hasBegun(service)).isFalse();

        LeftRecord.moveRecord(service);
        assertThat(LeftRecord.isHeld(service)).isFalse();
        assertThat(LeftRecord.hasBegun(service)).isTrue();
        assertThat(LeftRecord.record(service)).isEqualTo(record);
        ObjectNode moved = service.deepCopy();
        LeftRecord.moveRecord(service);
        assertThat(service).as("moved once").isEqualTo(moved);

        LeftRecord.takeBack(service);
        assertThat(service).isEqualTo(held);
        LeftRecord.takeBack(service);
        assertThat(service).as("nothing to take back").isEqualTo(held);

        LeftRecord.finish(moved);
        assertThat(LeftRecord.hasBegun(moved)).isTrue();
        assertThat(LeftRecord.record(moved)).isEqualTo(FillRecord.EMPTY);
    }

    private String text(String value) {
        ObjectNode object = service.deepCopy();
        new FillRecord(Map.of(TIMEOUT, Services.yaml(value)), Map.of()).writeTo(object);
        return new Manifest(object).annotations().text(FillRecord.ANNOTATION).orElseThrow();
    }
}

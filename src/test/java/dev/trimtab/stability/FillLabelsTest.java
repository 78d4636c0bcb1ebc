package dev.trimtab.stability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FillLabelsTest {
    private static final JsonPointer TIMEOUT = KnativeService.POD_SPEC.appendProperty("timeoutSeconds");
    private static final JsonPointer PROBE =
            KnativeService.CONTAINERS.appendIndex(0).appendProperty("readinessProbe");

    private final ObjectNode service = Services.rendered("ghcr.io/example/llm:1");

    @Test
    @DisplayName("what was written is read again, with the keys of a map in any order")
    void roundTrip() {
        JsonNode probe = Services.yaml("{httpGet: {path: /health, port: 8000}, successThreshold: 1}");
        FillLabels.write(filled(Map.of(TIMEOUT, service.at(TIMEOUT), PROBE, probe)), service);
        Pointers.set(service, PROBE, Services.yaml("{successThreshold: 1, httpGet: {port: 8000, path: /health}}"));

        assertThat(FillLabels.read(service))
                .contains(filled(Map.of(TIMEOUT, service.at(TIMEOUT), PROBE, service.at(PROBE))));
        assertThat(label(0)).hasSize(12);
    }

    @Test
    @DisplayName("more than ten fields take a second label, and each value is one that Kubernetes takes")
    void manyFields() {
        Map<JsonPointer, JsonNode> many = new HashMap<>();
        for (int i = 0; i < 13; i++) {
            JsonPointer at = KnativeService.annotation("example.com/" + i);
            many.put(at, TextNode.valueOf("v" + i));
            Pointers.set(service, at, TextNode.valueOf("v" + i));
        }
        FillLabels.write(filled(many), service);

        assertThat(label(0)).hasSize(60).matches("[0-9A-Za-z]+");
        assertThat(label(1)).hasSize(18).matches("[0-9A-Za-z]+");
        assertThat(FillLabels.read(service)).contains(filled(many));
    }

    @Test
    @DisplayName("a template that is not the one they were made for has no answer in its labels")
    void stale() {
        FillLabels.write(filled(Map.of(TIMEOUT, service.at(TIMEOUT))), service);
        ((ObjectNode) service.at(KnativeService.POD_SPEC)).put("timeoutSeconds", 61);

        assertThat(FillLabels.read(service)).isEmpty();
    }

    @Test
    @DisplayName("nothing filled is an answer too; no label is none")
    void nothing() {
        assertThat(FillLabels.read(service)).isEmpty();
        FillLabels.write(FillRecord.EMPTY, service);

        assertThat(label(0)).isEmpty();
        assertThat(FillLabels.read(service)).contains(FillRecord.EMPTY);
    }

    @Test
    @DisplayName("what stands outside of the template travels by itself, and is not labelled")
    void outsideOfTheTemplate() {
        JsonPointer rollout = Pointers.of("metadata", "annotations", "serving.knative.dev/rollout-duration");
        Pointers.set(service, rollout, TextNode.valueOf("60s"));
        FillLabels.write(filled(Map.of(rollout, TextNode.valueOf("60s"))), service);

        assertThat(FillLabels.read(service)).contains(FillRecord.EMPTY);
    }

    private String label(int number) {
        return new Manifest(service).labels().get("filled.trimtab.dev/" + number);
    }

    private static FillRecord filled(Map<JsonPointer, JsonNode> fields) {
        return new FillRecord(fields, Map.of());
    }
}

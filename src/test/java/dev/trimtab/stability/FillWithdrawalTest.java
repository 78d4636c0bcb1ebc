package dev.trimtab.stability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.ConfigMapProblem;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which fills go from a changed template, each alone. */
class FillWithdrawalTest {
    private static final JsonPointer VOLUMES = KnativeService.POD_SPEC.appendProperty("volumes");
    private static final JsonPointer TIMEOUT = KnativeService.POD_SPEC.appendProperty("timeoutSeconds");
    private static final JsonPointer PROBE =
            KnativeService.CONTAINERS.appendIndex(0).appendProperty("readinessProbe");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /a | /a | [{name: own}, {name: ours}] | [{"name":"own"},{"name":"ours"}]
            /a | /b | [{name: own}, {name: ours}] | [{"name":"own"}]
            /a | /b | [{name: ours}, {name: own}] | [{"name":"own"}]
            /a | /b | [{name: own}]               | [{"name":"own"}]
            /a | /b | [{name: ours}]              | ''
            /a | /b | none                        | "none"
            """)
    @DisplayName("another dataset: our volume goes, wherever in its list")
    void dataset(String stored, String now, String volumes, String left) {
        ObjectNode draft = service(now, "volumes: " + volumes);
        FillRecord entry = new FillRecord(Map.of(VOLUMES.appendIndex(1), Services.yaml("{name: ours}")), Map.of());
        FillRecord list = new FillRecord(
                Map.of(VOLUMES, Services.yaml("{it: [{name: ours}]}").get("it")), Map.of());

        for (FillRecord record : new FillRecord[] {entry, list}) {
            ObjectNode changed = draft.deepCopy();
            FillWithdrawal.forOtherDataset(changed, service(stored, "volumes: []"), record);
            assertThat(changed.at(VOLUMES).toString()).isEqualTo(left);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'name: s-2', 900, 900, false",
        "'name: s-2', 900, 901, true",
        "'name: s-2', 600, 600, true",
        "'labels: {}', 900, 900, true"
    })
    @DisplayName("a fill that the cluster no longer allows goes only with a new revision name")
    void limits(String metadata, int value, int filled, boolean stays) throws ConfigMapProblem {
        ObjectNode draft = service("/a", "timeoutSeconds: " + value);
        ((ObjectNode) draft.at("/spec/template/metadata")).setAll(Services.yaml("{" + metadata + "}"));
        FillRecord record = new FillRecord(Map.of(TIMEOUT, draft.numberNode(filled)), Map.of());
        KnativeConfig limited = KnativeConfig.DEFAULTS.withConfigMap(
                KnativeConfig.CONFIG_DEFAULTS, Map.of("max-revision-timeout-seconds", "600"));

        FillWithdrawal.forNewLimits(draft, record, limited);

        assertThat(draft.at(TIMEOUT).isMissingNode()).isEqualTo(!stays);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {httpGet: {port: 1}, tcpSocket: {port: 2}, initialDelaySeconds: 7} | {"tcpSocket":{"port":2}}
            {httpGet: {port: 1}, tcpSocket: {port: 2}, initialDelaySeconds: 8} | {"tcpSocket":{"port":2},"initialDelaySeconds":8}
            {httpGet: {port: 3}, tcpSocket: {port: 2}, initialDelaySeconds: 7} | {"httpGet":{"port":3},"tcpSocket":{"port":2}}
            {httpGet: {port: 1}, initialDelaySeconds: 7}                       | {"httpGet":{"port":1},"initialDelaySeconds":7}
            {httpGet: {port: 1}, initialDelaySeconds: 7, periodSeconds: 3}     | {"httpGet":{"port":1},"periodSeconds":3}
            {httpGet: {port: 1}, tcpSocket: {port: 2}, exec: {command: [x]}}   | {"httpGet":{"port":1},"tcpSocket":{"port":2},"exec":{"command":["x"]}}
            """)
    @DisplayName("an author's probe merged over ours: of two handlers the author's stays, and our delay goes")
    void mergedProbe(String merged, String left) {
        JsonNode ours = Services.yaml("{httpGet: {port: 1}, initialDelaySeconds: 7}");
        ObjectNode stored = probed(ours);
        ObjectNode draft = probed(Services.yaml(merged));

        FillWithdrawal.fromMergedProbe(draft, stored, new FillRecord(Map.of(PROBE, ours), Map.of()));

        assertThat(draft.at(PROBE)).hasToString(left);
    }

    @Test
    @DisplayName("an author's own stored probe is left as it is")
    void ownProbe() {
        ObjectNode stored = probed(Services.yaml("{httpGet: {port: 1}, initialDelaySeconds: 7}"));
        ObjectNode draft = probed(Services.yaml("{httpGet: {port: 1}, tcpSocket: {port: 2}, initialDelaySeconds: 7}"));
        ObjectNode before = draft.deepCopy();

        FillWithdrawal.fromMergedProbe(draft, stored, FillRecord.EMPTY);

        assertThat(draft).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {tcpSocket: {port: 2}, periodSeconds: 9} | {"tcpSocket":{"port":2}}
            {tcpSocket: {port: 2}, periodSeconds: 8} | {"tcpSocket":{"port":2},"periodSeconds":8}
            {tcpSocket: {port: 3}, periodSeconds: 9} | {"tcpSocket":{"port":3},"periodSeconds":9}
            """)
    @DisplayName(
            "the author removed a probe: our answer to the dry-run, merged over the probe that was there, is ours again")
    void removedProbe(String merged, String left) {
        JsonNode ours = Services.yaml("{tcpSocket: {port: 2}}");
        ObjectNode stored = probed(Services.yaml("{exec: {command: [x]}, periodSeconds: 9}"));
        ObjectNode draft = probed(Services.yaml(merged));
        new FillRecord(Map.of(PROBE, ours), Map.of()).writeTo(draft);

        FillWithdrawal.fromMergedProbe(draft, stored, FillRecord.EMPTY);

        assertThat(draft.at(PROBE)).hasToString(left);
    }

    private static ObjectNode probed(JsonNode probe) {
        ObjectNode service = service("/a", "volumes: []");
        Pointers.set(service, PROBE, probe.deepCopy());
        return service;
    }

    private static ObjectNode service(String dataset, String podSpec) {
        return Services.yaml("""
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata: {name: s}
                spec:
                  template:
                    metadata: {annotations: {trimtab.dev/dataset: %s}}
                    spec: {%s, containers: [{image: i}]}
                """.formatted(dataset, podSpec));
    }
}

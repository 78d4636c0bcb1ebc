package dev.trimtab.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.Revision;
import dev.trimtab.yaml.YamlStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RevisionsTest {
    @Test
    @DisplayName("the pods of all Revisions that get traffic, of this Service alone")
    void runningPods() {
        Revisions revisions = Revisions.UNKNOWN
                .with("ml", revision("llm", "llm-00001", "active", "2"))
                .with("ml", revision("llm", "llm-00002", "active", "3"))
                .with("ml", revision("llm", "llm-00003", "reserve", "7"))
                .with("ml", revision("other", "other-00001", "active", "9"))
                .with("dev", revision("llm", "llm-00001", "active", "1"));

        assertThat(revisions.runningPods("ml", "llm")).hasValue(5);
        assertThat(revisions.runningPods("dev", "llm")).hasValue(1);
        assertThat(revisions.without("ml", "llm-00002").runningPods("ml", "llm"))
                .hasValue(2);
    }

    @Test
    @DisplayName("scaled to zero is a number; not told yet is none, of one Revision as of all")
    void unknownPods() {
        Revisions zero = Revisions.UNKNOWN.with("ml", revision("llm", "llm-00001", "active", "0"));

        assertThat(zero.runningPods("ml", "llm")).hasValue(0);
        assertThat(zero.with("ml", revision("llm", "llm-00002", "active", "null"))
                        .runningPods("ml", "llm"))
                .isEmpty();
        assertThat(zero.with("ml", revision("llm", "llm-00001", "pending", "0")).runningPods("ml", "llm"))
                .isEmpty();
        assertThat(zero.runningPods("ml", "other")).isEmpty();
    }

    @Test
    @DisplayName("the pod spec only of Revisions that Knative has not named")
    void podSpec() {
        Revisions revisions = Revisions.UNKNOWN
                .with("ml", revision("llm", "llm-00001", "active", "1"))
                .with("ml", revision("llm", "llm-100000", "active", "1"))
                .with("ml", revision("llm", "llm-v1", "active", "1"));

        assertThat(revisions.podSpec("ml", "llm", "llm-00001")).isEmpty();
        assertThat(revisions.podSpec("ml", "llm", "llm-100000")).isEmpty();
        assertThat(revisions.podSpec("ml", "llm", "llm-v1"))
                .hasValueSatisfying(
                        spec -> assertThat(spec.path("timeoutSeconds").asInt()).isEqualTo(480));
        assertThat(revisions.podSpec("dev", "llm", "llm-v1")).isEmpty();
        assertThat(revisions.podSpec("ml", "llm", "")).isEmpty();
    }

    @Test
    @DisplayName("what changes nothing is the same snapshot")
    void same() {
        Revisions revisions = Revisions.UNKNOWN.with("ml", revision("llm", "llm-00001", "active", "1"));

        assertThat(revisions.with("ml", revision("llm", "llm-00001", "active", "1")))
                .isSameAs(revisions);
        assertThat(revisions.without("ml", "llm-00002")).isSameAs(revisions);
        assertThat(revisions.without("ml", "llm-00001")).isEqualTo(Revisions.UNKNOWN);
    }

    private static Revision revision(String service, String name, String routingState, String pods) {
        return Revision.of((ObjectNode) YamlStream.read("""
                        apiVersion: serving.knative.dev/v1
                        kind: Revision
                        metadata:
                          name: %s
                          labels:
                            serving.knative.dev/service: %s
                            serving.knative.dev/configuration: %s
                            serving.knative.dev/routingState: %s
                        spec: {timeoutSeconds: 480}
                        status: {actualReplicas: %s}
                        """.formatted(name, service, service, routingState, pods))
                        .get(0)
                        .content())
                .orElseThrow();
    }
}

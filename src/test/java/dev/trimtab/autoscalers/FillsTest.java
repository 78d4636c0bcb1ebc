package dev.trimtab.autoscalers;

import static dev.trimtab.autoscalers.Autoscalers.SOUND;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.policy.Policy.Aibrix;
import dev.trimtab.rules.Decision;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is filled where the cluster is known; the rest are golden cases. */
class FillsTest {
    private static final ClusterView NEWER = ClusterView.UNKNOWN.withWindowFields(true);

    @Test
    @DisplayName("the window: twice the start-up time, at most what the CRD takes, and only above the default")
    void window() {
        assertThat(window(SOUND, NEWER, 240)).isEqualTo("480");
        assertThat(window(SOUND, NEWER, 5000)).isEqualTo("3600");
        assertThat(window(SOUND, NEWER, 90)).as("the default is enough").isEmpty();
        assertThat(window(SOUND, ClusterView.UNKNOWN, 240))
                .as("the CRD lacks the field")
                .isEmpty();
        assertThat(window(SOUND.replace("APA", "HPA"), NEWER, 240))
                .as("HPA has none")
                .isEmpty();
        assertThat(window(SOUND + "  observeWindowSeconds: 30\n", NEWER, 240)).isEqualTo("30");
    }

    @Test
    @DisplayName("a dead window counts before the rule of thumb, in seconds, where the CRD has the field")
    void deadWindow() {
        Aibrix rewrite = new Aibrix(Map.of(), true, Set.of());
        String dead = SOUND.replace(
                "  namespace: ml\n",
                "  namespace: ml\n  annotations: {apa.autoscaling.aibrix.ai/window: 5m, kpa.autoscaling.aibrix.ai/panic-window: 2h}\n");
        ObjectNode document = Autoscalers.autoscaler(dead).root();

        List<Decision> decisions = PodAutoscalerFills.apply(
                document, new CheckInput(Autoscalers.autoscaler(dead), NEWER, rewrite, OptionalInt.of(240)));

        assertThat(document.at("/spec/observeWindowSeconds").asInt()).isEqualTo(300);
        assertThat(document.at("/spec/panicWindowSeconds").isMissingNode())
                .as("above the 3600 that the CRD takes")
                .isTrue();
        assertThat(decisions)
                .filteredOn(Decision.Filled.class::isInstance)
                .extracting(Decision::rule)
                .containsExactly("dead-keys");
        ObjectNode again = document.deepCopy();
        PodAutoscalerFills.apply(
                again, new CheckInput(new PodAutoscaler(document, "ml"), NEWER, rewrite, OptionalInt.of(240)));
        assertThat(again).isEqualTo(document);
    }

    @Test
    @DisplayName("dead windows that AIBrix would refuse by now are not written anew; a pair that fits is")
    void deadWindowsThatDoNotFit() {
        assertThat(rewritten("apa.autoscaling.aibrix.ai/window: 30s"))
                .as("the panic window is 60 by default")
                .isEqualTo("/");
        assertThat(rewritten("kpa.autoscaling.aibrix.ai/panic-window: 10m")).isEqualTo("/");
        assertThat(rewritten(
                        "kpa.autoscaling.aibrix.ai/stable-window: 30s, kpa.autoscaling.aibrix.ai/panic-window: 10s"))
                .isEqualTo("30/10");
    }

    private static String rewritten(String annotations) {
        String yaml = SOUND.replace("  namespace: ml\n", "  namespace: ml\n  annotations: {" + annotations + "}\n");
        ObjectNode document = Autoscalers.autoscaler(yaml).root();
        Aibrix rewrite = new Aibrix(Map.of(), true, Set.of());
        PodAutoscalerFills.apply(
                document, new CheckInput(Autoscalers.autoscaler(yaml), NEWER, rewrite, OptionalInt.empty()));
        return document.at("/spec/observeWindowSeconds").asText() + "/"
                + document.at("/spec/panicWindowSeconds").asText();
    }

    private static String window(String yaml, ClusterView cluster, int startup) {
        PodAutoscaler autoscaler = Autoscalers.autoscaler(yaml);
        PodAutoscalerFills.apply(
                autoscaler.root(), new CheckInput(autoscaler, cluster, Aibrix.UNSET, OptionalInt.of(startup)));
        return autoscaler.root().at("/spec/observeWindowSeconds").asText();
    }
}

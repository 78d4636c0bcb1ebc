package dev.trimtab.snapshot;

import static dev.trimtab.kserve.DeploymentMode.KNATIVE;
import static dev.trimtab.kserve.DeploymentMode.STANDARD;
import static dev.trimtab.lifecycle.Stoppable.INFERENCE_GRAPH;
import static dev.trimtab.lifecycle.Stoppable.INFERENCE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.policy.Policy.NativeStop;
import dev.trimtab.snapshot.KnownServices.KnownService;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class KnownServicesTest {
    private static final KnownService PLAIN = new KnownService("1", true, Optional.of(KNATIVE), false, false);
    private static final KnownService SHOWING = new KnownService("2", false, Optional.of(KNATIVE), true, false);

    @Test
    @DisplayName("found by kind, namespace and name; the same snapshot where nothing changes")
    void snapshot() {
        KnownServices known = KnownServices.UNKNOWN.with(INFERENCE_SERVICE, "ml", "llama", PLAIN);

        assertThat(known.find(INFERENCE_SERVICE, "ml", "llama")).contains(PLAIN);
        assertThat(known.find(INFERENCE_GRAPH, "ml", "llama")).isEmpty();
        assertThat(known.find(INFERENCE_SERVICE, "dev", "llama")).isEmpty();
        assertThat(KnownServices.UNKNOWN.find(INFERENCE_SERVICE, "ml", "llama")).isEmpty();
        assertThat(known.with(INFERENCE_SERVICE, "ml", "llama", PLAIN)).isSameAs(known);
        assertThat(known.without(INFERENCE_SERVICE, "ml", "other")).isSameAs(known);
        assertThat(known.without(INFERENCE_SERVICE, "ml", "llama").find(INFERENCE_SERVICE, "ml", "llama"))
                .isEmpty();
    }

    @Test
    @DisplayName("Auto: native as long as one service of the kind and mode shows it")
    void auto() {
        KnownServices known = KnownServices.UNKNOWN.with(INFERENCE_SERVICE, "ml", "llama", PLAIN);
        assertThat(isNative(known, INFERENCE_SERVICE, KNATIVE)).isFalse();

        known = known.with(INFERENCE_SERVICE, "ml", "a", SHOWING).with(INFERENCE_SERVICE, "dev", "b", SHOWING);
        assertThat(isNative(known, INFERENCE_SERVICE, KNATIVE)).isTrue();
        assertThat(isNative(known, INFERENCE_SERVICE, STANDARD)).isFalse();
        assertThat(isNative(known, INFERENCE_GRAPH, KNATIVE)).isFalse();

        known = known.with(INFERENCE_SERVICE, "ml", "a", PLAIN);
        assertThat(isNative(known, INFERENCE_SERVICE, KNATIVE)).isTrue();
        known = known.with(INFERENCE_SERVICE, "ml", "a", SHOWING).without(INFERENCE_SERVICE, "dev", "b");
        assertThat(isNative(known, INFERENCE_SERVICE, KNATIVE)).isTrue();
        known = known.without(INFERENCE_SERVICE, "ml", "a");
        assertThat(isNative(known, INFERENCE_SERVICE, KNATIVE)).isFalse();
    }

    @Test
    @DisplayName("a service that goes over to the other mode shows it there")
    void otherMode() {
        KnownServices known = KnownServices.UNKNOWN
                .with(INFERENCE_SERVICE, "ml", "a", SHOWING)
                .with(INFERENCE_SERVICE, "ml", "a", new KnownService("2", true, Optional.of(STANDARD), true, false));
        assertThat(isNative(known, INFERENCE_SERVICE, KNATIVE)).isFalse();
        assertThat(isNative(known, INFERENCE_SERVICE, STANDARD)).isTrue();
    }

    @Test
    @DisplayName("one that shows no mode shows it in the mode that the cluster has for such")
    void modeByDefault() {
        KnownServices known = KnownServices.UNKNOWN.with(
                INFERENCE_GRAPH, "ml", "a", new KnownService("2", false, Optional.empty(), true, false));
        assertThat(known.isStopNative(INFERENCE_GRAPH, KNATIVE, KNATIVE, NativeStop.AUTO))
                .isTrue();
        assertThat(known.isStopNative(INFERENCE_GRAPH, STANDARD, KNATIVE, NativeStop.AUTO))
                .isFalse();
        assertThat(known.isStopNative(INFERENCE_GRAPH, KNATIVE, STANDARD, NativeStop.AUTO))
                .isFalse();
        assertThat(known.isStopNative(INFERENCE_GRAPH, STANDARD, STANDARD, NativeStop.AUTO))
                .isTrue();
    }

    @Test
    @DisplayName("Always and Never do not ask")
    void setting() {
        KnownServices showing = KnownServices.UNKNOWN.with(INFERENCE_SERVICE, "ml", "a", SHOWING);
        assertThat(KnownServices.UNKNOWN.isStopNative(INFERENCE_GRAPH, STANDARD, KNATIVE, NativeStop.ALWAYS))
                .isTrue();
        assertThat(showing.isStopNative(INFERENCE_SERVICE, KNATIVE, KNATIVE, NativeStop.NEVER))
                .isFalse();
    }

    private static boolean isNative(KnownServices known, Stoppable kind, DeploymentMode mode) {
        return known.isStopNative(kind, mode, KNATIVE, NativeStop.AUTO);
    }
}

package dev.trimtab.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.manifest.Annotations;
import dev.trimtab.manifest.ScaleAnnotation;
import java.util.OptionalInt;

/**
 * The scale of a revision as Knative reads it: from the template's annotations, else from {@code config-autoscaler}.
 */
public record Scale(Annotations annotations, AutoscalerConfig cluster) {
    OptionalInt min() {
        return bound(ScaleAnnotation.MIN_SCALE, cluster.minScale());
    }

    /** 0 for no limit. Empty if the author's value does not parse; so is {@link #min}. */
    OptionalInt max() {
        return bound(ScaleAnnotation.MAX_SCALE, cluster.maxScale());
    }

    /** An integer from 0; empty for anything else. */
    OptionalInt written(ScaleAnnotation key) {
        return annotations
                .value(key)
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .map(GoParsing::int32)
                .filter(value -> value.isPresent() && value.getAsInt() >= 0)
                .orElse(OptionalInt.empty());
    }

    /** The lowest max-scale that Knative accepts with the author's other values. */
    int lowestMax() {
        int min = written(ScaleAnnotation.MIN_SCALE).orElse(0);
        int activation = written(ScaleAnnotation.ACTIVATION_SCALE).orElse(0);
        return Math.max(min, activation);
    }

    ScaleAnnotation asksForMost() {
        boolean activation = written(ScaleAnnotation.ACTIVATION_SCALE).orElse(0) == lowestMax();
        return activation ? ScaleAnnotation.ACTIVATION_SCALE : ScaleAnnotation.MIN_SCALE;
    }

    /** Whether Knative's own autoscaler scales the revision: only that class can go to zero. */
    boolean isKpa() {
        return autoscalerClass().equals(AutoscalerConfig.KPA);
    }

    String autoscalerClass() {
        return annotations.text(ScaleAnnotation.CLASS.key()).orElse(cluster.podAutoscalerClass());
    }

    /** Whether a revision may start without pods. */
    boolean canStartAtZero() {
        return cluster.allowZeroInitialScale() && isKpa() && cluster.enableScaleToZero();
    }

    /** The fewest pods with which a new revision may start. */
    int floor(int min) {
        return isKpa() && cluster.enableScaleToZero() ? min : Math.max(1, min);
    }

    /**
     * How many pods Knative starts for a new revision: the larger of min-scale and initial-scale (Knative 1.23, kpa.go).
     * Knative refuses a value that does not parse: the cluster's own value then counts.
     */
    public int startingPods() {
        int initial = written(ScaleAnnotation.INITIAL_SCALE).orElse(cluster.initialScale());
        return Math.max(floor(min().orElse(cluster.minScale())), initial);
    }

    private OptionalInt bound(ScaleAnnotation key, int clusterValue) {
        return annotations.value(key).isPresent() ? written(key) : OptionalInt.of(clusterValue);
    }
}

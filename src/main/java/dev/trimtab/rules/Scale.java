package dev.trimtab.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.AutoscalerConfig;
import dev.trimtab.knative.GoValues;
import dev.trimtab.knative.ScaleAnnotation;
import dev.trimtab.manifest.Annotations;
import java.util.OptionalInt;

/**
 * The scale of one revision as Knative would read it: the template's annotations, else the cluster's values.
 *
 * @param annotations of the revision template
 * @param cluster Knative's {@code config-autoscaler}
 */
record Scale(Annotations annotations, AutoscalerConfig cluster) {
    /** Pods that are kept: empty where the author's value does not parse. */
    OptionalInt min() {
        return bound(ScaleAnnotation.MIN_SCALE, cluster.minScale());
    }

    /** Most pods, 0 for unbounded: empty where the author's value does not parse. */
    OptionalInt max() {
        return bound(ScaleAnnotation.MAX_SCALE, cluster.maxScale());
    }

    /** What the author wrote, as Knative reads it: an integer from 0, empty for anything else. */
    OptionalInt written(ScaleAnnotation key) {
        return annotations
                .value(key)
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .map(GoValues::int32)
                .filter(value -> value.isPresent() && value.getAsInt() >= 0)
                .orElse(OptionalInt.empty());
    }

    /** The lowest max-scale that Knative accepts beside what the author wrote. */
    int lowestMax() {
        int min = written(ScaleAnnotation.MIN_SCALE).orElse(0);
        int activation = written(ScaleAnnotation.ACTIVATION_SCALE).orElse(0);
        return Math.max(min, activation);
    }

    /** What {@link #lowestMax()} comes from. */
    ScaleAnnotation asksForMost() {
        boolean activation = written(ScaleAnnotation.ACTIVATION_SCALE).orElse(0) == lowestMax();
        return activation ? ScaleAnnotation.ACTIVATION_SCALE : ScaleAnnotation.MIN_SCALE;
    }

    /** Whether Knative's own autoscaler scales it: the only class that can go to zero. */
    boolean isKpa() {
        return autoscalerClass().equals(AutoscalerConfig.KPA);
    }

    /** Whose autoscaler it is: the author's choice, else the cluster's. */
    String autoscalerClass() {
        return annotations.text(ScaleAnnotation.CLASS.key()).orElse(cluster.podAutoscalerClass());
    }

    /** Whether a revision may start with no pod at all. */
    boolean canStartAtZero() {
        return cluster.allowZeroInitialScale() && isKpa() && cluster.enableScaleToZero();
    }

    /** The fewest pods a new revision has to start with. */
    int floor(int min) {
        return isKpa() && cluster.enableScaleToZero() ? min : Math.max(1, min);
    }

    private OptionalInt bound(ScaleAnnotation key, int clusterValue) {
        return annotations.value(key).isPresent() ? written(key) : OptionalInt.of(clusterValue);
    }
}

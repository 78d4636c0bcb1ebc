package dev.trimtab.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.ScaleAnnotation;

/**
 * The number of pods with which Knative starts a new revision: the larger of min-scale and initial-scale (Knative 1.23,
 * kpa.go).
 */
public final class StartingPods {
    private StartingPods() {}

    /** Knative refuses a value that does not parse: the cluster's own value then counts. */
    public static int of(ObjectNode service, AutoscalerConfig cluster) {
        Scale scale = new Scale(new KnativeService(service).templateAnnotations(), cluster);
        int initial = scale.written(ScaleAnnotation.INITIAL_SCALE).orElse(cluster.initialScale());
        return Math.max(scale.floor(scale.min().orElse(cluster.minScale())), initial);
    }
}

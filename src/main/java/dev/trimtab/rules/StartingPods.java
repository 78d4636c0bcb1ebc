package dev.trimtab.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.AutoscalerConfig;
import dev.trimtab.knative.ScaleAnnotation;
import dev.trimtab.manifest.KnativeService;

/** How many pods Knative starts for a new revision: the larger of min-scale and initial-scale (Knative 1.23, kpa.go). */
public final class StartingPods {
    private StartingPods() {}

    /** What does not parse, Knative refuses: then the cluster's own value counts. */
    public static int of(ObjectNode service, AutoscalerConfig cluster) {
        Scale scale = new Scale(new KnativeService(service).templateAnnotations(), cluster);
        int initial = scale.written(ScaleAnnotation.INITIAL_SCALE).orElse(cluster.initialScale());
        return Math.max(scale.floor(scale.min().orElse(cluster.minScale())), initial);
    }
}

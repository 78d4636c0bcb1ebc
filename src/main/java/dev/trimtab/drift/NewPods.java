package dev.trimtab.drift;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.rules.StartingPods;
import dev.trimtab.snapshot.Revisions;

/** How many pods a changed template starts at most. */
final class NewPods {
    private NewPods() {}

    /**
     * What a new revision starts, or what runs now if that is more: its autoscaler will want as many again.
     *
     * @param result what the stored object becomes
     */
    static int of(Manifest stored, ObjectNode result, AutoscalerConfig cluster, Revisions revisions) {
        return switch (stored.kind()) {
            case KNATIVE_SERVICE ->
                Math.max(
                        StartingPods.of(result, cluster),
                        revisions.runningPods(stored.namespace(), stored.name()).orElse(0));
            case DEPLOYMENT ->
                Math.max(
                        stored.root().at("/spec/replicas").asInt(1),
                        stored.root().at("/status/replicas").asInt(0));
            case INFERENCE_SERVICE, INFERENCE_GRAPH, POD_AUTOSCALER, OTHER -> 0;
        };
    }
}

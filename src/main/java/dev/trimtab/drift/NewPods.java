package dev.trimtab.drift;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.rules.Scale;
import dev.trimtab.snapshot.Revisions;

final class NewPods {
    private NewPods() {}

    /**
     * The pods that a new revision starts, or the running pods if they are more: its autoscaler will want as many
     * again.
     */
    static int of(Manifest stored, ObjectNode result, AutoscalerConfig cluster, Revisions revisions) {
        return switch (stored.kind()) {
            case KNATIVE_SERVICE ->
                Math.max(
                        new Scale(new KnativeService(result).templateAnnotations(), cluster).startingPods(),
                        revisions.runningPods(stored.namespace(), stored.name()).orElse(0));
            case DEPLOYMENT ->
                Math.max(
                        stored.root().at("/spec/replicas").asInt(1),
                        stored.root().at("/status/replicas").asInt(0));
            case INFERENCE_SERVICE, INFERENCE_GRAPH, POD_AUTOSCALER, OTHER -> 0;
        };
    }
}

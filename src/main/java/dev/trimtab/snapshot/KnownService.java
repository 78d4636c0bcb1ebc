package dev.trimtab.snapshot;

import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.lifecycle.Conditions;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Manifest;
import java.util.Optional;

/**
 * What a review has to know of an InferenceService or InferenceGraph to judge what KServe renders for it.
 *
 * @param uid of the service: one of the same name that comes after it is another
 * @param stopped whether the annotation asks for it, not whether it has come true
 * @param mode as far as the service shows it; empty where the cluster's default counts
 * @param showsNativeStop whether KServe left a sign on it that it stops services of its kind and mode by itself
 * @param ignored whether its label wants Trimtab to keep off
 */
public record KnownService(
        String uid, boolean stopped, Optional<DeploymentMode> mode, boolean showsNativeStop, boolean ignored) {
    public static KnownService of(Stoppable kind, Manifest service) {
        Optional<DeploymentMode> mode = DeploymentMode.shownBy(service);
        return new KnownService(
                service.metadata().path("uid").asText(""),
                StopAnnotation.isStopped(service),
                mode,
                showsNativeStop(mode, new Conditions(service)),
                service.isIgnored());
    }

    /** Whether the stop annotation is to come true for it: not ModelMesh, which has no stop, and not what is not ours. */
    public boolean isToBeDown() {
        return stopped && !isModelMesh(mode) && !ignored;
    }

    /**
     * A KServe that stops services of a kind in a mode writes {@code Stopped=False} on each that runs: InferenceServices in
     * Knative mode from 0.15.1 on, in Standard mode from 0.16 on (0.15.1 and 0.15.2 have no Stopped there, and no stop),
     * InferenceGraphs in both modes from 0.16 on.
     */
    private static boolean showsNativeStop(Optional<DeploymentMode> mode, Conditions conditions) {
        return !isModelMesh(mode) && conditions.hasStopOfKServe();
    }

    private static boolean isModelMesh(Optional<DeploymentMode> mode) {
        return mode.filter(it -> it == DeploymentMode.MODEL_MESH).isPresent();
    }
}

package dev.trimtab.lifecycle;

import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.Manifest;

/**
 * What a review has to know of an InferenceService or InferenceGraph to judge what KServe renders for it.
 *
 * @param uid of the service: one of the same name that comes after it is another
 * @param stopped whether the annotation asks for it, not whether it has come true
 * @param mode as far as the service shows it
 * @param showsNativeStop whether KServe left a sign on it that it stops services of its kind and mode by itself
 * @param ignored whether its label wants Trimtab to keep off
 */
public record KnownService(String uid, boolean stopped, DeploymentMode mode, boolean showsNativeStop, boolean ignored) {
    public static KnownService of(Stoppable kind, Manifest service) {
        DeploymentMode mode = DeploymentMode.of(service);
        boolean stopped = StopAnnotation.isStopped(service);
        return new KnownService(
                service.metadata().path("uid").asText(""),
                stopped,
                mode,
                showsNativeStop(kind, mode, new Conditions(service), stopped),
                service.isIgnored());
    }

    /** Whether the stop annotation is to come true for it: not ModelMesh, which has no stop, and not what is not ours. */
    public boolean isToBeDown() {
        return stopped && mode != DeploymentMode.MODEL_MESH && !ignored;
    }

    /**
     * KServe 0.15.1 and later write Stopped=False on each running InferenceService, in both modes; but 0.15.1 and 0.15.2
     * stop those in Knative mode only. In Standard mode they write Stopped=True all the same and roll the Deployment, and
     * leave PredictorReady as it is (predictor.go of 0.15.2 sets its reason in the branch for Knative, of 0.16 in both).
     * So there it takes that reason, which for the same reason our controller must not write itself. An InferenceGraph
     * has the condition from 0.16 on, which stops it in both modes.
     */
    private static boolean showsNativeStop(
            Stoppable kind, DeploymentMode mode, Conditions conditions, boolean stopped) {
        if (mode == DeploymentMode.MODEL_MESH || !conditions.hasStopOfKServe()) {
            return false;
        }
        boolean wantsProof = kind == Stoppable.INFERENCE_SERVICE && mode == DeploymentMode.STANDARD;
        return !wantsProof || (stopped && conditions.isStopped() && conditions.isPredictorStopped());
    }
}

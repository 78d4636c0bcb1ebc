package dev.trimtab.lifecycle;

import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.lifecycle.StopAnnotation.OwnStop;
import dev.trimtab.manifest.Manifest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A service with the stop annotation, and the pods that it still has. */
public record StoppedService(Stoppable kind, Manifest service, HeldPods held) {
    /** Start of a block that says that KServe has not stopped the service yet. */
    public static final String NOT_SAID = "KServe has not set ";

    private static final String DISABLE = Stoppable.GROUP + "/disable-auto-update";
    private static final String MODE = Stoppable.GROUP + "/deploymentMode";
    private static final Set<String> OLD_MODES = Set.of("Serverless", "RawDeployment");

    /** If ModelMesh is the cluster's default, KServe has recorded it in the status. */
    public static boolean isModelMesh(Manifest service) {
        return DeploymentMode.shownBy(service)
                .filter(mode -> mode == DeploymentMode.MODEL_MESH)
                .isPresent();
    }

    public Optional<Instant> since() {
        return new Conditions(service).stoppedSince();
    }

    /**
     * Whether the status says Stopped and no pod is left. The status is needed: a service that is scaled to zero has no
     * pod either. Always false for ModelMesh, whose pods serve many models and have no label of one service.
     */
    public boolean isReleased() {
        return held.isEmpty() && !isModelMesh(service) && new Conditions(service).isStopped();
    }

    /** What keeps, or may keep, KServe from stopping the service. */
    public List<String> blocks() {
        if (isModelMesh(service)) {
            return List.of("ModelMesh has no stop");
        }
        List<String> blocks = new ArrayList<>();
        OwnStop.keepingUp(service).forEach(own -> blocks.add(own.toString()));
        if (new Conditions(service).isStopped()) {
            return blocks;
        }
        // An LLMInferenceService has no condition Stopped (kserve 0.20, LLM conditions).
        boolean llm = kind == Stoppable.LLM_INFERENCE_SERVICE;
        blocks.add(NOT_SAID + (llm ? "MainWorkloadReady to False with reason Stopped" : "Stopped"));
        if (kind != Stoppable.INFERENCE_SERVICE) {
            return blocks;
        }
        if (service.annotations().text(DISABLE).filter("true"::equals).isPresent()) {
            blocks.add(DISABLE + " keeps KServe from acting");
        }
        service.annotations()
                .text(MODE)
                .filter(OLD_MODES::contains)
                .ifPresent(mode -> blocks.add("KServe 0.16.0 refuses to write deploymentMode " + mode));
        return blocks;
    }
}

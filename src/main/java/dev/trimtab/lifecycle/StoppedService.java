package dev.trimtab.lifecycle;

import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.lifecycle.StopAnnotation.OwnStop;
import dev.trimtab.manifest.Manifest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A service with the stop annotation, and what became of it. */
public record StoppedService(Stoppable kind, Manifest service, HeldPods held) {
    /** How what is said begins where KServe has not stopped it yet. */
    public static final String NOT_SAID = "KServe has not set ";

    private static final String DISABLE = Stoppable.GROUP + "/disable-auto-update";
    private static final String MODE = Stoppable.GROUP + "/deploymentMode";
    private static final Set<String> OLD_MODES = Set.of("Serverless", "RawDeployment");

    /** Where the cluster's default is ModelMesh, KServe has recorded it in the status. */
    public static boolean isModelMesh(Manifest service) {
        return DeploymentMode.shownBy(service)
                .filter(mode -> mode == DeploymentMode.MODEL_MESH)
                .isPresent();
    }

    public Optional<Instant> since() {
        return new Conditions(service).stoppedSince();
    }

    /**
     * Whether nothing of it is left, and nothing that would start a pod: KServe, or Trimtab in its place, has set Stopped. A
     * service that is scaled to zero has no pod either. The pods of ModelMesh serve many models and have none's label.
     */
    public boolean isReleased() {
        return held.isEmpty() && !isModelMesh(service) && new Conditions(service).isStopped();
    }

    /** What keeps KServe from stopping it, or may. */
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

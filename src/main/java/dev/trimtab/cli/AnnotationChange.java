package dev.trimtab.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.manifest.Manifest;
import java.util.List;
import java.util.Optional;

/** Reads an object, decides, and writes. Starts again if another client wrote in between, up to 5 times in all. */
public final class AnnotationChange {
    private static final int ATTEMPTS = 5;

    private final LiveCluster cluster;
    private final ObjectRef ref;
    private final boolean dryRun;

    public AnnotationChange(LiveCluster cluster, ObjectRef ref) {
        this(cluster, ref, false);
    }

    /** @param dryRun the API server and the webhooks decide as if it were written, and nothing is stored */
    public AnnotationChange(LiveCluster cluster, ObjectRef ref, boolean dryRun) {
        this.cluster = cluster;
        this.ref = ref;
        this.dryRun = dryRun;
    }

    public interface Decision {
        /** Returns the patch. Empty if the object needs no change. */
        Optional<ArrayNode> of(Manifest service) throws BadInput, ApiProblem;
    }

    /**
     * @param before object as last read
     * @param after object as stored; empty if nothing was written
     */
    public record Changed(Manifest before, Optional<Manifest> after) {
        public boolean changed() {
            return after.isPresent();
        }
    }

    public Changed apply(Decision decision) throws BadInput, ApiProblem {
        ApiProblem refusal = null;
        String refusedVersion = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Manifest service = cluster.find(ref).orElseThrow(() -> new BadInput(List.of(ref + ": not found")));
            String version = service.root().at("/metadata/resourceVersion").asText();
            if (refusal != null && !refusal.isConflict() && version.equals(refusedVersion)) {
                throw refusal;
            }
            Optional<ArrayNode> patch = decision.of(service);
            if (patch.isEmpty()) {
                return new Changed(service, Optional.empty());
            }
            try {
                return new Changed(service, Optional.of(cluster.patch(ref, patch.get(), dryRun)));
            } catch (ApiProblem problem) {
                if (!problem.mayBeConflict()) {
                    throw problem;
                }
                refusal = problem;
                refusedVersion = version;
            }
        }
        throw refusal;
    }
}

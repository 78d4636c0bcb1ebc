package dev.trimtab.drift;

import dev.trimtab.lifecycle.GpuCount;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Policy;
import dev.trimtab.review.Reviewer;
import dev.trimtab.review.Settings;
import dev.trimtab.rules.StartingPods;
import java.util.List;
import java.util.Optional;

/** Looks at stored objects, one by one: what a refresh would change, and how many GPUs new pods of it ask for. */
public final class Inspection {
    private final Settings settings;
    private final DriftCheck inForce;
    private final Optional<DriftCheck> other;

    /**
     * @param settings of the cluster
     * @param other a policy that is not in force, to see what it would change
     */
    public Inspection(Reviewer reviewer, Settings settings, Optional<Policy> other) {
        this.settings = settings;
        this.inForce = new DriftCheck(reviewer, settings);
        this.other = other.map(policy -> new DriftCheck(reviewer, settings.withPolicy(policy)));
    }

    /** Only of the kinds that Trimtab reviews. */
    public Look of(Manifest stored) {
        ObjectKey key = ObjectKey.of(stored);
        Optional<ObjectKey> owner = owner(stored);
        if (stored.kind().isRendered() && StopAnnotation.isStopped(stored)) {
            return new LeftOut(key, owner, "it is stopped: what starts later is filled by the policy of then");
        }
        Drift now = inForce.of(stored);
        Drift asked = other.isPresent() ? other.get().of(stored) : now;
        if (!asked.left().isEmpty()) {
            return new LeftOut(key, owner, asked.left());
        }
        List<Difference> already = now.differences();
        List<Difference> differences = asked.differences().stream()
                .map(it -> it.alreadyIn(already.stream().anyMatch(it::isSame)))
                .toList();
        return new Finding(
                key,
                owner,
                differences,
                asked.notes(),
                asked.block(),
                !already.isEmpty(),
                pods(stored, asked),
                stored.kind().isRendered()
                        ? GpuCount.NONE
                        : GpuCount.ofPod(new KnativeService(asked.result()).template()));
    }

    /** What a new revision starts, or what runs now if that is more: its autoscaler will want as many again. */
    private int pods(Manifest stored, Drift drift) {
        return switch (stored.kind()) {
            case KNATIVE_SERVICE ->
                Math.max(
                        StartingPods.of(drift.result(), settings.knative().autoscaler()),
                        settings.revisions()
                                .runningPods(stored.namespace(), stored.name())
                                .orElse(0));
            case DEPLOYMENT ->
                Math.max(
                        stored.root().at("/spec/replicas").asInt(1),
                        stored.root().at("/status/replicas").asInt(0));
            case INFERENCE_SERVICE, INFERENCE_GRAPH, POD_AUTOSCALER, OTHER -> 0;
        };
    }

    private static Optional<ObjectKey> owner(Manifest stored) {
        String service = stored.labels().get(KnativeService.INFERENCE_SERVICE_LABEL);
        String graph = stored.labels().get(KnativeService.INFERENCE_GRAPH_LABEL);
        if (stored.kind().isRendered() || (service == null && graph == null)) {
            return Optional.empty();
        }
        return Optional.of(
                service == null
                        ? new ObjectKey(Kind.INFERENCE_GRAPH, stored.namespace(), graph)
                        : new ObjectKey(Kind.INFERENCE_SERVICE, stored.namespace(), service));
    }
}

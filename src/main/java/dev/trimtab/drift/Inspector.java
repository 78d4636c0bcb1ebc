package dev.trimtab.drift;

import dev.trimtab.drift.Inspected.Finding;
import dev.trimtab.drift.Inspected.Skipped;
import dev.trimtab.gpu.GpuCount;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Policy;
import dev.trimtab.review.Reviewer;
import dev.trimtab.snapshot.Settings;
import java.util.List;
import java.util.Optional;

/** Finds what a refresh would change in a stored object, and the GPUs that its new pods need. */
public final class Inspector {
    private final Settings settings;
    private final DriftCheck inForce;
    private final Optional<DriftCheck> other;

    /** @param other a policy to try that is not in force */
    public Inspector(Reviewer reviewer, Settings settings, Optional<Policy> other) {
        this.settings = settings;
        this.inForce = new DriftCheck(reviewer, settings);
        this.other = other.map(policy -> new DriftCheck(reviewer, settings.withPolicy(policy)));
    }

    public Inspected of(Manifest stored) {
        ObjectKey key = ObjectKey.of(stored);
        Optional<ObjectKey> owner = ObjectKey.ofOwner(stored);
        if (stored.kind().isRendered() && StopAnnotation.isStopped(stored)) {
            return new Skipped(key, owner, "it is stopped: when it starts, it is filled by the policy of that time");
        }
        DriftCheck.Drift now = inForce.of(stored);
        DriftCheck.Drift asked = other.isPresent() ? other.get().of(stored) : now;
        if (!asked.left().isEmpty()) {
            return new Skipped(key, owner, asked.left());
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
                NewPods.of(stored, asked.result(), settings.knative().autoscaler(), settings.revisions()),
                stored.kind().isRendered()
                        ? GpuCount.NONE
                        : GpuCount.ofPod(new KnativeService(asked.result()).template()));
    }
}

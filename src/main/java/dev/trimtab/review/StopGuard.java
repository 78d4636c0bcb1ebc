package dev.trimtab.review;

import com.fasterxml.jackson.core.JsonPointer;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.policy.Mode;
import dev.trimtab.review.AdmissionResponse.Endpoint;
import dev.trimtab.rules.Decision;
import dev.trimtab.snapshot.KnownService;
import dev.trimtab.snapshot.Settings;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps down what is stopped. A KServe without native stop (before 0.15.1 in Knative mode, before 0.16 in Standard mode
 * and for InferenceGraphs) takes the stop annotation for a change of the pods and starts new ones, and what is deleted
 * comes back within a second. So what it would start them with is refused, on its dry-run too, until the annotation is gone.
 *
 * <p>It is never in the way of what runs: it takes the annotation in the object's own template, and the very service that
 * owns the object known as stopped.
 */
public final class StopGuard {
    private static final String ID = "stop-guard";

    private final Set<String> excludedNamespaces;

    /** @param excludedNamespaces where nothing is refused */
    public StopGuard(Set<String> excludedNamespaces) {
        this.excludedNamespaces = Set.copyOf(excludedNamespaces);
    }

    /** Denies a write that would start pods of a stopped service; with mode Audit, only warns of it. */
    public AdmissionResponse answer(AdmissionRequest request, Settings settings) {
        Optional<String> refusal = guarded(request, settings)
                .filter(child ->
                        parent(child, settings).filter(KnownService::isToBeDown).isPresent())
                .map(StopGuard::refusal);
        boolean enforced = settings.policy().mode() == Mode.ENFORCE;
        Review review = Review.judged(
                request,
                refusal.stream().map(it -> decision(it, enforced)).toList(),
                refusal.filter(it -> !enforced).stream()
                        .map(it -> Warnings.shortened("trimtab: (audit) would refuse: " + it))
                        .toList(),
                enforced ? refusal.orElse("") : "");
        return AdmissionResponse.of(Endpoint.GUARD, request, review);
    }

    private static Decision decision(String refusal, boolean enforced) {
        return enforced
                ? new Decision.Denied(ID, JsonPointer.empty(), refusal)
                : new Decision.Warned(ID, JsonPointer.empty(), refusal);
    }

    /**
     * Whether the answer may be another one a moment later: KServe has seen the annotation already, and this snapshot has
     * not. A caller may wait for a newer snapshot.
     */
    public boolean lacksStop(AdmissionRequest request, Settings settings) {
        return guarded(request, settings)
                .filter(child ->
                        parent(child, settings).filter(KnownService::stopped).isEmpty())
                .isPresent();
    }

    /** Empty where nothing could be refused, whatever becomes known of the service. */
    private Optional<StoppedChild> guarded(AdmissionRequest request, Settings settings) {
        return StoppedChild.of(request)
                .filter(child -> !excludedNamespaces.contains(child.namespace()))
                .filter(child -> !settings.isStopNative(child.kind(), child.mode()));
    }

    /** Empty where it is not known, or only an older one of the same name. */
    private static Optional<KnownService> parent(StoppedChild child, Settings settings) {
        return settings.services()
                .find(child.kind(), child.namespace(), child.parent())
                .filter(service -> service.uid().equals(child.parentUid()));
    }

    private static String refusal(StoppedChild child) {
        return "%s %s/%s is stopped (%s): its %s is not %s until the annotation is removed"
                .formatted(
                        child.kind().kindName(),
                        child.namespace(),
                        child.parent(),
                        StopAnnotation.KEY,
                        child.what(),
                        child.created() ? "created" : "changed");
    }
}

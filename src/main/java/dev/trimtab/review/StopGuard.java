package dev.trimtab.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.lifecycle.KnownService;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.policy.Mode;
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
    private final Set<String> excludedNamespaces;

    /** @param excludedNamespaces where nothing is refused */
    public StopGuard(Set<String> excludedNamespaces) {
        this.excludedNamespaces = Set.copyOf(excludedNamespaces);
    }

    /** Whether the kind of object in an AdmissionReview is one that KServe starts pods with. */
    public static boolean isFor(JsonNode body) {
        String kind = body.at("/request/object/kind").asText("");
        return kind.equals("Service") || kind.equals("Deployment");
    }

    /**
     * Answers an AdmissionReview.
     *
     * @throws MalformedReview for a body that is none; the caller answers 400
     */
    public StopVerdict answer(JsonNode body, Settings settings) throws MalformedReview {
        AdmissionRequest request = AdmissionRequest.parse(body);
        String refusal = guarded(request, settings)
                .filter(child ->
                        parent(child, settings).filter(KnownService::isToBeDown).isPresent())
                .map(StopGuard::refusal)
                .orElse("");
        return new StopVerdict(
                request.uid(),
                request.operation(),
                request.object().map(it -> it.kindName()).orElse(""),
                request.namespace(),
                request.name(),
                refusal,
                settings.policy().mode() == Mode.ENFORCE);
    }

    /**
     * Whether the answer may be another one a moment later: KServe has seen the annotation already, and this snapshot has
     * not. A caller may wait for a newer snapshot.
     */
    public boolean lacksStop(JsonNode body, Settings settings) {
        try {
            return guarded(AdmissionRequest.parse(body), settings)
                    .filter(child -> parent(child, settings)
                            .filter(KnownService::stopped)
                            .isEmpty())
                    .isPresent();
        } catch (MalformedReview saidByTheAnswer) {
            return false;
        }
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

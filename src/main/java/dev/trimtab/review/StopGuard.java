package dev.trimtab.review;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.review.AdmissionResponse.Endpoint;
import dev.trimtab.rules.Decision;
import dev.trimtab.snapshot.KnownServices.KnownService;
import dev.trimtab.snapshot.Settings;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps stopped services down. A KServe without native stop (before 0.15.1 in Knative mode, before 0.16 in Standard
 * mode and for InferenceGraphs) takes the stop annotation for a change of the pods. It starts new pods and creates
 * deleted objects again. So its writes are refused, dry-runs too, until the annotation is removed.
 *
 * <p>A write is refused only if the object's own template has the annotation and its owner is known as stopped.
 */
public final class StopGuard {
    private static final String ID = "stop-guard";

    private final Set<String> excludedNamespaces;

    public StopGuard(Set<String> excludedNamespaces) {
        this.excludedNamespaces = Set.copyOf(excludedNamespaces);
    }

    /** Denies a write that would start pods of a stopped service. In Audit mode it only warns. */
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

    /** Whether the answer may differ a moment later: KServe knows of the annotation, but this snapshot does not yet. */
    public boolean lacksStop(AdmissionRequest request, Settings settings) {
        return guarded(request, settings)
                .filter(child ->
                        parent(child, settings).filter(KnownService::stopped).isEmpty())
                .isPresent();
    }

    /** Empty if the write cannot be refused, whether the service is stopped or not. */
    private Optional<StoppedChild> guarded(AdmissionRequest request, Settings settings) {
        return StoppedChild.of(request)
                .filter(child -> !excludedNamespaces.contains(child.namespace()))
                .filter(child -> !settings.isStopNative(child.kind(), child.mode()));
    }

    /** Empty if the parent is unknown, or if only an older one of the same name is known. */
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

    /**
     * A Knative Service or Deployment with which a KServe without native stop is about to start pods for a stopped
     * service.
     *
     * @param kind of the owner
     * @param mode from the object's kind, since the owner may not name it
     * @param namespace of the object and its owner
     * @param what the object, in words
     * @param created false if the write changes an existing object
     */
    record StoppedChild(
            Stoppable kind,
            DeploymentMode mode,
            String namespace,
            String parent,
            String parentUid,
            String what,
            boolean created) {
        private static final String REVISION = "serving.knative.dev/revision";

        /** Empty for a request that starts no pods of a stopped service. */
        static Optional<StoppedChild> of(AdmissionRequest request) {
            return request.object()
                    .filter(object -> isToStartPods(request, object))
                    .flatMap(object -> of(request, object));
        }

        private static Optional<StoppedChild> of(AdmissionRequest request, Manifest object) {
            Optional<DeploymentMode> mode = mode(object);
            for (Stoppable kind : Stoppable.values()) {
                String parent = named(object, kind.nameLabel());
                Optional<String> uid = controller(object, kind, parent);
                if (kind.isTornDown() && mode.isPresent() && uid.isPresent()) {
                    String what = (mode.get() == DeploymentMode.KNATIVE ? "Knative Service " : "Deployment ")
                            + request.name();
                    boolean created = request.isCreate();
                    return Optional.of(
                            new StoppedChild(kind, mode.get(), request.namespace(), parent, uid.get(), what, created));
                }
            }
            return Optional.empty();
        }

        /**
         * Excludes writes of status and metadata, and deleted objects, whose finalizers are removed by an UPDATE.
         * KServe copies the annotation to the template. A component that overrides it runs on purpose.
         */
        private static boolean isToStartPods(AdmissionRequest request, Manifest object) {
            boolean writes = request.isCreate()
                    || request.stored()
                            .filter(stored -> !spec(stored).equals(spec(object)))
                            .isPresent();
            return writes
                    && request.subResource().isEmpty()
                    && !object.isBeingDeleted()
                    && !object.isIgnored()
                    && new KnativeService(object.root())
                            .templateAnnotations()
                            .text(StopAnnotation.KEY)
                            .filter(StopAnnotation::stops)
                            .isPresent();
        }

        /**
         * Empty for objects that KServe does not make, such as Deployments of Knative's Revisions, which have KServe's
         * labels too.
         */
        private static Optional<DeploymentMode> mode(Manifest object) {
            if (object.kind() == Kind.KNATIVE_SERVICE) {
                return Optional.of(DeploymentMode.KNATIVE);
            }
            boolean deployment = "apps/v1".equals(object.apiVersion()) && "Deployment".equals(object.kindName());
            return deployment && !object.labels().containsKey(REVISION)
                    ? Optional.of(DeploymentMode.STANDARD)
                    : Optional.empty();
        }

        /**
         * The Knative Service of an InferenceGraph has its label in the template only (kserve 0.15,
         * knative_reconciler.go).
         */
        private static String named(Manifest object, String label) {
            String inTemplate =
                    new KnativeService(object.root()).templateLabels().getOrDefault(label, "");
            return object.labels().getOrDefault(label, inTemplate);
        }

        /** The UID of the object's controller if it has this kind and name. */
        private static Optional<String> controller(Manifest object, Stoppable kind, String name) {
            for (JsonNode owner : object.metadata().path("ownerReferences")) {
                if (owner.path("controller").asBoolean()
                        && owner.path("apiVersion").asText().startsWith(Stoppable.GROUP + "/")
                        && owner.path("kind").asText().equals(kind.kindName())
                        && owner.path("name").asText().equals(name)) {
                    return Optional.of(owner.path("uid").asText()).filter(uid -> !uid.isEmpty());
                }
            }
            return Optional.empty();
        }

        private static JsonNode spec(Manifest object) {
            return object.root().path("spec");
        }
    }
}

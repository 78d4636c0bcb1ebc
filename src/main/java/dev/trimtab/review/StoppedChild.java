package dev.trimtab.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import java.util.Optional;

/**
 * A Knative Service or Deployment with which a KServe without native stop is about to start pods for a service that has
 * the stop annotation: as far as the request shows it.
 *
 * @param kind of the service that owns it
 * @param mode by what KServe made of the service, which the service itself may not say
 * @param namespace of both
 * @param parent the service's name
 * @param parentUid its UID, by the object's owner reference
 * @param what the object, in words
 * @param created whether it is new, else it is to be changed
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

    /** Empty for everything that would start no pods of a stopped service. */
    static Optional<StoppedChild> of(AdmissionRequest request) {
        return request.object().filter(object -> isToStartPods(request, object)).flatMap(object -> of(request, object));
    }

    private static Optional<StoppedChild> of(AdmissionRequest request, Manifest object) {
        Optional<DeploymentMode> mode = mode(object);
        for (Stoppable kind : Stoppable.values()) {
            String parent = named(object, kind.nameLabel());
            Optional<String> uid = controller(object, kind, parent);
            if (kind.isTornDown() && mode.isPresent() && uid.isPresent()) {
                String what =
                        (mode.get() == DeploymentMode.KNATIVE ? "Knative Service " : "Deployment ") + request.name();
                boolean created = "CREATE".equals(request.operation());
                return Optional.of(
                        new StoppedChild(kind, mode.get(), request.namespace(), parent, uid.get(), what, created));
            }
        }
        return Optional.empty();
    }

    /**
     * Status, metadata and what is being deleted start nothing, and must get through: a finalizer goes by an UPDATE. KServe
     * copies the annotation to the template in all versions; a component whose own annotations say otherwise runs on purpose.
     */
    private static boolean isToStartPods(AdmissionRequest request, Manifest object) {
        boolean writes =
                switch (request.operation()) {
                    case "CREATE" -> true;
                    case "UPDATE" ->
                        request.oldObject()
                                .filter(stored -> !spec(stored).equals(spec(object)))
                                .isPresent();
                    default -> false;
                };
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

    /** Empty for what KServe does not make, such as the Deployments of Knative's Revisions, which have its labels too. */
    private static Optional<DeploymentMode> mode(Manifest object) {
        if (object.kind() == Kind.KNATIVE_SERVICE) {
            return Optional.of(DeploymentMode.KNATIVE);
        }
        boolean deployment = "apps/v1".equals(object.apiVersion()) && "Deployment".equals(object.kindName());
        return deployment && !object.labels().containsKey(REVISION)
                ? Optional.of(DeploymentMode.STANDARD)
                : Optional.empty();
    }

    /** Of an InferenceGraph the Knative Service has its label in the template only (kserve 0.15, knative_reconciler.go). */
    private static String named(Manifest object, String label) {
        String inTemplate = new KnativeService(object.root()).templateLabels().getOrDefault(label, "");
        return object.labels().getOrDefault(label, inTemplate);
    }

    /** The UID of the controller of an object, if it is the service of that name. */
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

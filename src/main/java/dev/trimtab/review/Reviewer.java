package dev.trimtab.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.kserve.Models;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Effective;
import dev.trimtab.rules.Decision;
import dev.trimtab.rules.Facts;
import dev.trimtab.rules.RuleSet;
import dev.trimtab.stability.Outcome.Course;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reviews one object: decides whether it is Trimtab's at all, and who of the package reviews its kind.
 * The webhook and the command line share it, so that a preview is what admission will do.
 */
public final class Reviewer {
    /** Namespaces whose services are the platform's own. */
    public static final Set<String> PLATFORM_NAMESPACES = Set.of("kube-system", "knative-serving", "kserve");

    private static final String IGNORED = Manifest.IGNORE + " is \"true\"";

    private final Set<String> excludedNamespaces;
    private final WorkloadReview workloads;
    private final RenderedReview rendered;
    private final Advice advice;

    /** @param excludedNamespaces where nothing is touched */
    public Reviewer(Set<String> excludedNamespaces) {
        this.excludedNamespaces = Set.copyOf(excludedNamespaces);
        RuleSet rules = new RuleSet();
        this.workloads = new WorkloadReview(rules);
        this.rendered = new RenderedReview(rules);
        this.advice = new Advice(rules);
    }

    /**
     * Answers an AdmissionReview.
     *
     * @throws MalformedReview for a body that is none; the caller answers 400
     */
    public Answer answer(JsonNode body, Settings settings) throws MalformedReview {
        return answer(body, settings, false);
    }

    /**
     * Answers an AdmissionReview of an object in a namespace that its people had Trimtab keep off: gives back what is
     * recorded, and fills nothing new.
     *
     * @throws MalformedReview for a body that is none; the caller answers 400
     */
    public Answer replay(JsonNode body, Settings settings) throws MalformedReview {
        return answer(body, settings, true);
    }

    private Answer answer(JsonNode body, Settings settings, boolean off) throws MalformedReview {
        AdmissionRequest request = AdmissionRequest.parse(body);
        if (request.object().isEmpty()) {
            return Answer.unchanged(request, "the request holds no object");
        }
        boolean update = "UPDATE".equals(request.operation());
        if (!(update || "CREATE".equals(request.operation()))
                || !request.subResource().isEmpty()) {
            return Answer.unchanged(request, "only CREATE and UPDATE of the object itself are reviewed");
        }
        if (update && request.oldObject().isEmpty()) {
            return Answer.unchanged(request, "the UPDATE does not say what is stored: to fill it could roll a service");
        }
        Optional<Manifest> stored = update ? request.oldObject() : Optional.empty();
        Manifest object = request.object().get();
        Review review = off && reasonToLeave(object, request.namespace()).isEmpty()
                ? off(object, stored, request.namespace(), settings, "the namespace's label " + IGNORED)
                : review(object, stored, request.namespace(), settings);
        return Answer.of(request, review);
    }

    /**
     * Whether the answer to an AdmissionReview would be another one a moment later: KServe has just rendered something
     * for an InferenceService that this snapshot does not hold yet, and a profile asks for its model format. A caller may
     * wait for a newer snapshot; what is filled at CREATE stays.
     */
    public boolean lacksModelFormat(JsonNode body, Settings settings) {
        AdmissionRequest request;
        try {
            request = AdmissionRequest.parse(body);
        } catch (MalformedReview saidByTheAnswer) {
            return false;
        }
        return "CREATE".equals(request.operation())
                && request.object()
                        .filter(object -> !object.isIgnored()
                                && reasonToLeave(object, request.namespace()).isEmpty()
                                && Models.ownerUid(object).isPresent()
                                && new FactsLookup(settings, request.namespace()).lacksModelFormat(object))
                        .isPresent();
    }

    /**
     * Reviews one object.
     *
     * @param object as it would be stored; not changed
     * @param stored as it is stored, empty for a new object
     * @param namespace where it goes, also if the document does not say so
     */
    public Review review(Manifest object, Optional<Manifest> stored, String namespace, Settings settings) {
        Optional<String> reason = reasonToLeave(object, namespace);
        if (reason.isPresent()) {
            return left(object, reason.get(), List.of());
        }
        if (object.isIgnored()) {
            return off(object, stored, namespace, settings, "label " + IGNORED);
        }
        List<Decision> said = advice.of(object, stored, settings);
        if (object.kind().isRendered()
                && DeploymentMode.of(object, settings.defaultMode()) == DeploymentMode.MODEL_MESH) {
            return left(object, "ModelMesh serves it: one pod for many models", said);
        }
        FactsLookup lookup = new FactsLookup(settings, namespace);
        return switch (object.kind()) {
            case KNATIVE_SERVICE, DEPLOYMENT -> workloads.of(object, stored, lookup, said);
            case POD_AUTOSCALER -> AutoscalerReview.of(object, stored, lookup, said);
            case INFERENCE_SERVICE, INFERENCE_GRAPH, OTHER -> rendered.of(object, stored, lookup, said);
        };
    }

    /**
     * What the policy comes to for an object, for whoever explains a review: by the name of the component where KServe
     * renders it, since the labels of a component may match other profiles, else under the object's own.
     */
    public Map<String, Effective> policiesFor(Manifest object, String namespace, Settings settings) {
        FactsLookup lookup = new FactsLookup(settings, namespace);
        Map<String, Facts> facts =
                switch (object.kind()) {
                    case KNATIVE_SERVICE, DEPLOYMENT -> Map.of(object.name(), lookup.of(object, false));
                    case INFERENCE_SERVICE, INFERENCE_GRAPH -> lookup.ofComponents(object);
                    case POD_AUTOSCALER -> Map.of(object.name(), lookup.ofObject(object));
                    case OTHER -> Map.of();
                };
        Map<String, Effective> policies = new LinkedHashMap<>();
        facts.forEach((name, it) -> policies.put(name, it.policy()));
        return policies;
    }

    private Optional<String> reasonToLeave(Manifest object, String namespace) {
        if (object.kind() == Kind.OTHER) {
            return Optional.of("not a kind that Trimtab reviews");
        }
        if (object.isBeingDeleted()) {
            return Optional.of("it is being deleted");
        }
        if (excludedNamespaces.contains(namespace)) {
            return Optional.of("namespace " + namespace + " is never touched");
        }
        return Optional.empty();
    }

    /** Off means nothing new, never undo: what runs keeps what it has. */
    private Review off(
            Manifest object, Optional<Manifest> stored, String namespace, Settings settings, String because) {
        boolean workload = object.kind() == Kind.KNATIVE_SERVICE || object.kind() == Kind.DEPLOYMENT;
        return workload && stored.isPresent()
                ? workloads.giveBack(object, stored.get(), new FactsLookup(settings, namespace), because)
                : left(object, because, List.of());
    }

    /** An object that is left as it is. */
    public static Review left(Manifest object, String because, List<Decision> advice) {
        List<Decision> decisions = new ArrayList<>(advice);
        decisions.add(0, new Decision.Left("scope", because));
        return new Review(
                object.kind(),
                Course.LEFT,
                object.root(),
                decisions,
                Map.of(),
                Warnings.of(advice, "trimtab: ", "", false),
                "");
    }
}

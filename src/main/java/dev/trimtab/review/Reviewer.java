package dev.trimtab.review;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.autoscalers.PodAutoscalerFills;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Policy.EffectivePolicy;
import dev.trimtab.review.AdmissionResponse.Endpoint;
import dev.trimtab.review.ScheduleKeys.HeldBack;
import dev.trimtab.review.Warnings.Notices;
import dev.trimtab.rules.Decision;
import dev.trimtab.rules.Facts;
import dev.trimtab.rules.RuleSet;
import dev.trimtab.snapshot.Models;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.stability.Outcome;
import dev.trimtab.stability.Outcome.Course;
import dev.trimtab.stability.StabilityContract;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reviews one object: whether Trimtab handles it, what the write means, what the rules fill and clamp, and its
 * warnings. The webhook and the command line share the reviewer, so that a preview shows what admission will do.
 */
public final class Reviewer {
    /** Where no cluster says otherwise. */
    public static final Set<String> PLATFORM_NAMESPACES = Set.of("kube-system", "knative-serving", "kserve");

    private static final String IGNORED = Manifest.IGNORE + " is \"true\"";

    /** The rules run on these courses, so profiles matter. */
    private static final Set<Course> FILLING = EnumSet.of(Course.CREATED, Course.CHANGED, Course.REFRESHED);

    private final Set<String> excludedNamespaces;
    private final RuleSet rules = new RuleSet();
    private final Advice advice = new Advice(rules);

    /** Where Trimtab changes nothing, as the selectors of the webhooks have it: only where the platform is. */
    public static Set<String> platformNamespaces(String trimtab, String knative, String kserve) {
        return Stream.of("kube-system", trimtab, knative, kserve).collect(Collectors.toUnmodifiableSet());
    }

    public Reviewer(Set<String> excludedNamespaces) {
        this.excludedNamespaces = Set.copyOf(excludedNamespaces);
    }

    public AdmissionResponse answer(AdmissionRequest request, Settings settings) {
        return answer(request, settings, false);
    }

    /** For a namespace that is switched off: puts recorded values back and fills nothing new. */
    public AdmissionResponse replay(AdmissionRequest request, Settings settings) {
        return answer(request, settings, true);
    }

    private AdmissionResponse answer(AdmissionRequest request, Settings settings, boolean off) {
        Optional<String> unreviewed = reasonNotToReview(request);
        if (unreviewed.isPresent()) {
            Decision left = new Decision.Left("scope", unreviewed.get());
            return AdmissionResponse.of(Endpoint.MUTATE, request, Review.judged(request, List.of(left), List.of(), ""));
        }
        Manifest object = request.object().orElseThrow();
        Review review = off && reasonToLeave(object, request.namespace()).isEmpty()
                ? off(object, request.stored(), request.namespace(), settings, "the namespace's label " + IGNORED)
                : review(object, request.stored(), request.namespace(), settings);
        return AdmissionResponse.of(Endpoint.MUTATE, request, review);
    }

    private static Optional<String> reasonNotToReview(AdmissionRequest request) {
        if (request.object().isEmpty()) {
            return Optional.of("the request holds no object");
        }
        if (!(request.isUpdate() || request.isCreate())
                || !request.subResource().isEmpty()) {
            return Optional.of("only CREATE and UPDATE of the object itself are reviewed");
        }
        return request.isUpdate() && request.oldObject().isEmpty()
                ? Optional.of("the UPDATE does not say what is stored: filling it could roll a service")
                : Optional.empty();
    }

    /**
     * Whether the answer may differ a moment later. This is so if KServe has just rendered the object, its
     * InferenceService is not in the snapshot yet, and a profile asks for the model format. Fills of CREATE stay, so a
     * caller may wait for a newer snapshot.
     */
    public boolean lacksModelFormat(AdmissionRequest request, Settings settings) {
        return request.isCreate()
                && request.object()
                        .filter(object -> !object.isIgnored()
                                && reasonToLeave(object, request.namespace()).isEmpty()
                                && Models.ownerUid(object).isPresent()
                                && new FactsLookup(settings, request.namespace()).lacksModelFormat(object))
                        .isPresent();
    }

    /**
     * @param object as it would be stored; not changed
     * @param stored empty for a new object
     * @param namespace of the object, even if the document does not name it
     */
    public Review review(Manifest object, Optional<Manifest> stored, String namespace, Settings settings) {
        Optional<String> reason = reasonToLeave(object, namespace);
        if (reason.isPresent()) {
            return left(object, reason.get(), List.of());
        }
        if (object.isIgnored()) {
            return off(object, stored, namespace, settings, "label " + IGNORED);
        }
        HeldBack sent = HeldBack.of(object, stored);
        return on(sent.object(), stored, namespace, settings).with(sent.decisions());
    }

    private Review on(Manifest object, Optional<Manifest> stored, String namespace, Settings settings) {
        List<Decision> advised = advice.of(object, stored, settings);
        if (object.kind().isRendered()
                && DeploymentMode.of(object, settings.defaultMode()) == DeploymentMode.MODEL_MESH) {
            return left(object, "ModelMesh serves it: one pod for many models", advised);
        }
        FactsLookup lookup = new FactsLookup(settings, namespace);
        Facts facts = facts(object, stored.isPresent(), lookup);
        Outcome outcome = new StabilityContract(facts, rules(object, facts, lookup))
                .admit(object.root(), stored.map(Manifest::root));
        return reviewed(object, stored, lookup, facts, outcome, advised);
    }

    private Review reviewed(
            Manifest object,
            Optional<Manifest> stored,
            FactsLookup lookup,
            Facts facts,
            Outcome outcome,
            List<Decision> advised) {
        Map<String, List<Decision>> forecasts = object.kind().isRendered()
                ? new Forecasts(rules, lookup).of(new Manifest(outcome.result()), stored)
                : Map.of();
        List<Decision> decisions = new ArrayList<>(outcome.decisions());
        if (isWorkload(object) && FILLING.contains(outcome.course())) {
            lookup.unknownFormat(object).ifPresent(decisions::add);
        }
        decisions.addAll(advised);
        Notices notices = new Notices(facts, outcome);
        forecasts.forEach(notices::addForecast);
        notices.addAdvice(advised);
        boolean rolls = outcome.course() == Course.UNCHANGED && !forecasts.isEmpty();
        return new Review(
                object.kind(),
                rolls ? Course.CHANGED : outcome.course(),
                outcome.result(),
                decisions,
                forecasts,
                notices.warnings(),
                notices.refusal());
    }

    private static Facts facts(Manifest object, boolean update, FactsLookup lookup) {
        if (isWorkload(object)) {
            return lookup.of(object, update);
        }
        return object.kind().isRendered()
                ? lookup.ofComponents(object).values().stream().findFirst().orElseGet(() -> lookup.ofObject(object))
                : lookup.ofObject(object);
    }

    private StabilityContract.Filling rules(Manifest object, Facts facts, FactsLookup lookup) {
        if (isWorkload(object)) {
            return (document, podSpec) -> rules.apply(document, facts, podSpec);
        }
        if (object.kind() == Kind.POD_AUTOSCALER) {
            return (document, podSpec) ->
                    PodAutoscalerFills.apply(document, lookup.ofAutoscaler(new Manifest(document)));
        }
        Map<String, Facts> components = lookup.ofComponents(object);
        return (document, podSpec) ->
                rules.apply(document, components, facts.policy().conflicts());
    }

    /** Whether the object's template makes pods: a Knative Service, or a Deployment of KServe's Standard mode. */
    private static boolean isWorkload(Manifest object) {
        return object.kind() == Kind.KNATIVE_SERVICE || object.kind() == Kind.DEPLOYMENT;
    }

    /** Switched off, Trimtab fills nothing new and undoes nothing: running pods keep what they have. */
    private static Review off(
            Manifest object, Optional<Manifest> stored, String namespace, Settings settings, String because) {
        if (!isWorkload(object) || stored.isEmpty()) {
            return left(object, because, List.of());
        }
        HeldBack sent = HeldBack.of(object, stored);
        Facts facts = new FactsLookup(settings, namespace).of(sent.object(), true);
        Outcome outcome = new StabilityContract(facts, (document, podSpec) -> List.of())
                .giveBack(sent.object().root(), stored.get().root());
        List<Decision> decisions = new ArrayList<>(List.of(new Decision.Left("scope", because)));
        decisions.addAll(sent.decisions());
        decisions.addAll(outcome.decisions());
        return new Review(object.kind(), outcome.course(), outcome.result(), decisions, Map.of(), List.of(), "");
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

    public static Review left(Manifest object, String because, List<Decision> advised) {
        List<Decision> decisions = new ArrayList<>(advised);
        decisions.add(0, new Decision.Left("scope", because));
        ObjectNode unchanged = object.root();
        List<String> warnings = Warnings.of(advised, "trimtab: ", "", false);
        return new Review(object.kind(), Course.LEFT, unchanged, decisions, Map.of(), warnings, "");
    }

    /**
     * The policies by object name. For an InferenceService or InferenceGraph by component name: labels of components
     * may match other profiles.
     */
    public Map<String, EffectivePolicy> policiesFor(Manifest object, String namespace, Settings settings) {
        FactsLookup lookup = new FactsLookup(settings, namespace);
        Map<String, Facts> facts =
                switch (object.kind()) {
                    case KNATIVE_SERVICE, DEPLOYMENT -> Map.of(object.name(), lookup.of(object, false));
                    case INFERENCE_SERVICE, INFERENCE_GRAPH -> lookup.ofComponents(object);
                    case POD_AUTOSCALER -> Map.of(object.name(), lookup.ofObject(object));
                    case OTHER -> Map.of();
                };
        Map<String, EffectivePolicy> policies = new LinkedHashMap<>();
        facts.forEach((name, it) -> policies.put(name, it.policy()));
        return policies;
    }
}

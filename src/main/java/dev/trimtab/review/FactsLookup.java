package dev.trimtab.review;

import dev.trimtab.autoscalers.CheckInput;
import dev.trimtab.autoscalers.PodAutoscaler;
import dev.trimtab.kserve.Model;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Profile;
import dev.trimtab.policy.Profile.Match;
import dev.trimtab.policy.Profile.PolicyTarget;
import dev.trimtab.policy.Profile.ServiceKind;
import dev.trimtab.rules.AuthorHint;
import dev.trimtab.rules.Decision;
import dev.trimtab.rules.Facts;
import dev.trimtab.snapshot.Models;
import dev.trimtab.snapshot.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the facts that the rules need about one object in the snapshot. */
record FactsLookup(Settings settings, String namespace) {
    Facts of(Manifest object, boolean update) {
        return facts(object, model(object).orElse(Model.NONE), update);
    }

    /**
     * For a Service or Deployment that KServe will render.
     *
     * @param inferenceService the InferenceService or InferenceGraph that it is rendered for
     */
    Facts ofForecast(Manifest inferenceService, Manifest workload, boolean update) {
        Facts facts = facts(workload, modelOf(inferenceService), update);
        boolean predictor = "predictor".equals(workload.labels().get("component"));
        return predictor && Model.isImageByLimits(inferenceService) ? facts.withGpuImage() : facts;
    }

    /** By component name. Each component may match other profiles by its labels. */
    Map<String, Facts> ofComponents(Manifest object) {
        Map<String, Facts> facts = new LinkedHashMap<>();
        for (Component component : Component.of(object.root())) {
            facts.put(component.name(), ofRendered(object, component.labels()));
        }
        return facts;
    }

    Facts ofObject(Manifest object) {
        return ofRendered(object, object.labels());
    }

    /** The start-up time comes from the PodAutoscaler, else from its Deployment, else from a profile. */
    CheckInput ofAutoscaler(Manifest object) {
        PodAutoscaler autoscaler = new PodAutoscaler(object.root(), namespace);
        OptionalInt startup = AuthorHint.STARTUP.written(object.annotations());
        if (startup.isEmpty()) {
            startup = settings.autoscaling().startupSecondsOf(autoscaler);
        }
        if (startup.isEmpty()) {
            startup = ofObject(object)
                    .policy()
                    .serving()
                    .startupSeconds()
                    .map(OptionalInt::of)
                    .orElse(OptionalInt.empty());
        }
        return new CheckInput(
                autoscaler, settings.autoscaling(), settings.policy().aibrix(), startup);
    }

    private Facts ofRendered(Manifest object, Map<String, String> labels) {
        PolicyTarget target = new PolicyTarget(
                serviceKind(object.kind()),
                namespace,
                labels,
                Map.of(),
                modelOf(object).format());
        return new Facts(
                settings.effectiveFor(target),
                settings.knative(),
                settings.cluster(),
                settings.defaultMode(),
                OptionalInt.empty(),
                Optional.empty(),
                false);
    }

    /** Whether a profile asks for the model format while the InferenceService is not known yet. */
    boolean lacksModelFormat(Manifest object) {
        return model(object).isEmpty() && asksForFormat(target(object, Model.NONE));
    }

    Optional<Decision> unknownFormat(Manifest object) {
        return lacksModelFormat(object)
                ? Optional.of(new Decision.Left(
                        "policy", "the InferenceService is not known here: no profile for a model format applies"))
                : Optional.empty();
    }

    private Facts facts(Manifest object, Model model, boolean update) {
        String name = object.name();
        KnativeService service = new KnativeService(object.root());
        return new Facts(
                settings.effectiveFor(target(object, model)),
                settings.knative(),
                settings.cluster(),
                settings.defaultMode(),
                update ? settings.revisions().runningPods(namespace, name) : OptionalInt.empty(),
                settings.revisions().podSpec(namespace, name, service.revisionName()),
                false);
    }

    /** Empty if the object's InferenceService is unknown. */
    private Optional<Model> model(Manifest object) {
        return Models.isOfInferenceService(object) ? settings.models().of(object, namespace) : Optional.of(Model.NONE);
    }

    private static Model modelOf(Manifest object) {
        return object.kind() == Kind.INFERENCE_SERVICE ? Model.of(object) : Model.NONE;
    }

    private PolicyTarget target(Manifest object, Model model) {
        KnativeService service = new KnativeService(object.root());
        return new PolicyTarget(
                serviceKind(service.origin()), namespace, object.labels(), service.templateLabels(), model.format());
    }

    /** Whether a profile with {@code modelFormats} matches the object in all other conditions. */
    private boolean asksForFormat(PolicyTarget target) {
        return Stream.concat(settings.policy().profiles().stream(), settings.profilesOf(namespace).stream())
                .map(Profile::match)
                .filter(match -> !match.modelFormats().isEmpty())
                .map(match -> new Match(match.namespaces(), match.labels(), Set.of(), match.kinds()))
                .anyMatch(match -> match.matches(target));
    }

    private static ServiceKind serviceKind(Kind origin) {
        return switch (origin) {
            case INFERENCE_SERVICE -> ServiceKind.INFERENCE_SERVICE;
            case INFERENCE_GRAPH -> ServiceKind.INFERENCE_GRAPH;
            case POD_AUTOSCALER -> ServiceKind.POD_AUTOSCALER;
            case KNATIVE_SERVICE, DEPLOYMENT, OTHER -> ServiceKind.KNATIVE_SERVICE;
        };
    }
}

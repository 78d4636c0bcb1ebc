package dev.trimtab.review;

import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.rules.Decision;
import dev.trimtab.rules.RuleSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What whoever writes an object should know of it, as it is written: said once, when it comes, and not at each UPDATE
 * after that. What KServe renders was said of the InferenceService.
 */
final class Advice {
    private final RuleSet rules;

    Advice(RuleSet rules) {
        this.rules = rules;
    }

    /** @param stored empty on CREATE */
    List<Decision> of(Manifest object, Optional<Manifest> stored, Settings settings) {
        KnativeConfig cluster = settings.knative();
        DeploymentMode byDefault = settings.defaultMode();
        List<Decision> advice = new ArrayList<>();
        if (object.kind().isRendered()) {
            advice.addAll(StopAdvice.of(object, stored, DeploymentMode.of(object, byDefault)));
        }
        if (isWritten(object)) {
            List<Decision> now = new ArrayList<>(rules.look(object, byDefault, cluster));
            stored.ifPresent(it -> now.removeAll(rules.look(it, byDefault, cluster)));
            advice.addAll(now);
        }
        return advice;
    }

    private static boolean isWritten(Manifest object) {
        return switch (object.kind()) {
            case KNATIVE_SERVICE -> new KnativeService(object.root()).origin() == Kind.KNATIVE_SERVICE;
            case INFERENCE_SERVICE, INFERENCE_GRAPH, POD_AUTOSCALER -> true;
            case DEPLOYMENT, OTHER -> false;
        };
    }
}

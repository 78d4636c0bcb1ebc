package dev.trimtab.review;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.lifecycle.ObservedService.StopGrace;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.lifecycle.StopAnnotation.OwnStop;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.rules.Decision;
import dev.trimtab.rules.RuleSet;
import dev.trimtab.snapshot.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Warnings for the author of an object: all on CREATE, and on UPDATE only new ones. A Service or Deployment that KServe
 * rendered gets none: the author of its InferenceService was warned.
 */
final class Advice {
    private final RuleSet rules;

    Advice(RuleSet rules) {
        this.rules = rules;
    }

    List<Decision> of(Manifest object, Optional<Manifest> stored, Settings settings) {
        KnativeConfig cluster = settings.knative();
        DeploymentMode byDefault = settings.defaultMode();
        List<Decision> advice = new ArrayList<>();
        if (object.kind().isRendered()) {
            advice.addAll(StopAdvice.of(object, stored, DeploymentMode.of(object, byDefault)));
            advice.addAll(KeepAdvice.of(object, stored));
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

    /**
     * Warnings for the author of a stop, given once. This is no rule: the annotation comes by an UPDATE that changes no
     * {@code spec}, and no rule runs for that.
     */
    static final class StopAdvice {
        private static final String ID = "stop";
        private static final JsonPointer AT = Pointers.of("metadata", "annotations", StopAnnotation.KEY);

        /** Values that people write to stop a service. Only "true" works. */
        private static final Set<String> LOOKS_LIKE_TRUE = Set.of("true", "yes", "y", "on", "1", "t");

        private StopAdvice() {}

        static List<Decision> of(Manifest object, Optional<Manifest> stored, DeploymentMode mode) {
            List<Decision> advice = new ArrayList<>();
            boolean stopped = StopAnnotation.isStopped(object);
            boolean stops = stopped && stored.filter(StopAnnotation::isStopped).isEmpty();
            boolean meshed = mode == DeploymentMode.MODEL_MESH;
            if (stops && meshed) {
                advice.add(
                        warned(AT, "%s: ModelMesh has no stop, the model keeps running".formatted(StopAnnotation.KEY)));
            } else if (stops) {
                advice.addAll(ofStop(object, mode));
            } else if (!stopped) {
                advice.addAll(ofValue(object, stored));
            }
            // Warns also if it is written long before the stop: a later change of it starts new pods.
            if (!meshed && StopGrace.isUnreadable(object) && (stops || isNew(object, stored, StopGrace.KEY))) {
                advice.add(warned(
                        Pointers.of("metadata", "annotations", StopGrace.KEY),
                        "%s must be a whole number from 0 to %d: the policy's stop.gracePeriod is used"
                                .formatted(StopGrace.KEY, StopGrace.LONGEST)));
            }
            return advice;
        }

        private static boolean isNew(Manifest object, Optional<Manifest> stored, String annotation) {
            JsonNode now = object.annotations().map().path(annotation);
            return !now.equals(
                    stored.map(it -> it.annotations().map().path(annotation)).orElse(null));
        }

        private static List<Decision> ofStop(Manifest object, DeploymentMode mode) {
            List<Decision> advice = new ArrayList<>();
            for (OwnStop own : OwnStop.keepingUp(object)) {
                advice.add(warned(
                        Pointers.of("spec", own.component(), "annotations", StopAnnotation.KEY),
                        "the %s keeps running: its own annotations say %s: \"%s\""
                                .formatted(own.component(), StopAnnotation.KEY, own.value())));
            }
            // KServe clears the status, and with it the revision that was rolled out before (kserve 0.20,
            // ksvc_reconciler.go 134).
            if (mode == DeploymentMode.KNATIVE) {
                for (Component component : Component.of(object.root())) {
                    JsonNode percent = component.node().path("canaryTrafficPercent");
                    if (percent.isIntegralNumber() && percent.intValue() < 100) {
                        advice.add(warned(
                                component.field("canaryTrafficPercent"),
                                "stopped while %s %% go to the %s's canary: when started again all traffic goes to it"
                                        .formatted(percent.asText(), component.name())));
                    }
                }
            }
            return advice;
        }

        /** Warns also if a service is created with such a value. */
        private static List<Decision> ofValue(Manifest object, Optional<Manifest> stored) {
            Optional<String> value = object.annotations().text(StopAnnotation.KEY);
            boolean isNew = isNew(object, stored, StopAnnotation.KEY);
            return value.filter(
                            it -> isNew && LOOKS_LIKE_TRUE.contains(it.strip().toLowerCase(Locale.ROOT)))
                    .map(it -> List.of(warned(
                            AT,
                            "%s: \"%s\" does not stop it: KServe takes \"true\" only"
                                    .formatted(StopAnnotation.KEY, it))))
                    .orElse(List.of());
        }

        private static Decision warned(JsonPointer at, String because) {
            return new Decision.Warned(ID, at, because);
        }
    }
}

package dev.trimtab.policy;

import static java.util.Objects.requireNonNull;

import dev.trimtab.policy.Policy.Conflicts;
import dev.trimtab.policy.Scaling.InitialScaleDefault;
import dev.trimtab.policy.Scaling.InitialScaleOnUpdate;
import dev.trimtab.policy.Scaling.InitialScaleWrite;
import dev.trimtab.policy.Scaling.MaxScaleWhenUnset;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Settings for some of the objects.
 *
 * @param name a DNS label, for {@code explain}
 */
public record Profile(String name, Match match, Overrides overrides, Serving serving) {

    /**
     * The objects that a profile is for. All conditions must hold; an empty one always holds.
     *
     * @param namespaces one must match the object's
     * @param labels each must be on the object or on its pod template
     * @param modelFormats one must be the model's; case does not matter
     * @param kinds one must be the object's
     */
    public record Match(
            List<Glob> namespaces, Map<String, String> labels, Set<String> modelFormats, Set<ServiceKind> kinds) {
        public static final Match EVERYTHING = new Match(List.of(), Map.of(), Set.of(), Set.of());

        public Match {
            namespaces = List.copyOf(namespaces);
            labels = Map.copyOf(labels);
            modelFormats = Set.copyOf(modelFormats);
            kinds = Set.copyOf(kinds);
        }

        public boolean matches(PolicyTarget target) {
            return (kinds.isEmpty() || kinds.contains(target.kind()))
                    && (modelFormats.isEmpty()
                            || target.modelFormat().filter(this::isNamed).isPresent())
                    && (namespaces.isEmpty() || namespaces.stream().anyMatch(glob -> glob.matches(target.namespace())))
                    && labels.entrySet().stream().allMatch(label -> carries(target, label));
        }

        /** Ignores case: KServe's own runtime has {@code vLLM}, and authors write it in any capitals. */
        private boolean isNamed(String format) {
            return modelFormats.stream().anyMatch(format::equalsIgnoreCase);
        }

        private static boolean carries(PolicyTarget target, Map.Entry<String, String> label) {
            return label.getValue().equals(target.labels().get(label.getKey()))
                    || label.getValue().equals(target.templateLabels().get(label.getKey()));
        }
    }

    /** The values that one profile sets. Other keys keep the value of earlier profiles and of the top level. */
    public record Overrides(
            Optional<Conflicts> conflicts,
            Optional<MaxScaleWhenUnset> maxScaleWhenUnset,
            Optional<InitialScaleDefault> initialScaleDefault,
            Optional<InitialScaleWrite> initialScaleWrite,
            Optional<InitialScaleOnUpdate> initialScaleOnUpdate,
            Optional<BigDecimal> initialScaleFactor) {
        public static final Overrides NONE = new Overrides(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());

        Scaling over(Scaling scaling) {
            return new Scaling(
                    maxScaleWhenUnset.orElse(scaling.maxScaleWhenUnset()),
                    initialScaleDefault.orElse(scaling.initialScaleDefault()),
                    initialScaleWrite.orElse(scaling.initialScaleWrite()),
                    initialScaleOnUpdate.orElse(scaling.initialScaleOnUpdate()),
                    initialScaleFactor.orElse(scaling.initialScaleFactor()));
        }
    }

    /**
     * The object to find the policy of. If KServe rendered it, the kind is that of the InferenceService or
     * InferenceGraph.
     *
     * @param modelFormat {@code modelFormat.name} of the predictor; empty if unknown
     */
    public record PolicyTarget(
            ServiceKind kind,
            String namespace,
            Map<String, String> labels,
            Map<String, String> templateLabels,
            Optional<String> modelFormat) {
        public PolicyTarget {
            requireNonNull(kind, "kind");
            requireNonNull(namespace, "namespace");
            requireNonNull(modelFormat, "modelFormat");
            labels = Map.copyOf(labels);
            templateLabels = Map.copyOf(templateLabels);
        }
    }

    /** The kind of an object in {@code match.kinds}, as its author sees it. */
    public enum ServiceKind implements PolicyTerm {
        /** A hand-written Knative Service. */
        KNATIVE_SERVICE,

        /** An InferenceService of KServe, or the Knative Service that KServe renders for one. */
        INFERENCE_SERVICE,

        /** An InferenceGraph of KServe, or the Knative Service that KServe renders for one. */
        INFERENCE_GRAPH,

        /** A PodAutoscaler of AIBrix, for the target that it scales. */
        POD_AUTOSCALER
    }
}

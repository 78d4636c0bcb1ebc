package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.Manifest;
import java.util.Locale;
import java.util.Map;

/**
 * One rule about model serving: a pure function. It reads no clock and no cluster, never throws for what an author
 * wrote, and gives a reason for everything that it does or leaves.
 */
public interface Rule {
    /** Computed once for each class: every review needs the names of all rules. */
    ClassValue<String> IDS = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> rule) {
            String name = rule.getSimpleName().replace("Rule", "");
            return name.replaceAll("(?<=.)(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
        }
    };

    /** In metrics, in {@code explain} and in the docs: MaxScaleRule is {@code max-scale}. */
    default String id() {
        return IDS.get(getClass());
    }

    /** A rule for Knative Services, and for Deployments of KServe's Standard mode if it is about pods. */
    interface WorkloadRule extends Rule {
        /** Fills, clamps, warns or leaves. Applied to its own result, it changes nothing. */
        void apply(Draft draft, Facts facts);
    }

    /**
     * A rule for InferenceServices and InferenceGraphs. It writes only what cannot be written on the objects that KServe
     * renders from them: an annotation that is added to a running InferenceService starts new pods.
     */
    interface ComponentRule extends Rule {
        /** @param facts by the name of the component, whose labels may match other profiles; never empty */
        void apply(Draft draft, Map<String, Facts> facts);

        /** The mode of the object; all its components have the same. */
        static DeploymentMode mode(Draft draft, Map<String, Facts> facts) {
            DeploymentMode byDefault = facts.values().iterator().next().defaultMode();
            return DeploymentMode.of(draft.manifest(), byDefault);
        }
    }

    /**
     * A rule that only warns the author of an object: about values that do not do what they seem to. The warnings come at
     * CREATE, and at an UPDATE for what the UPDATE adds.
     */
    interface AuthorRule extends Rule {
        /**
         * Warns in the order of the document.
         *
         * @param object as its author wrote it
         * @param byDefault the mode of an object that names none
         */
        void look(Manifest object, DeploymentMode byDefault, KnativeConfig cluster, Author author);

        interface Author {
            void warn(JsonPointer at, String because);
        }
    }
}

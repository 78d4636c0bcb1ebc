package dev.trimtab.rules;

import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.Manifest;
import java.util.List;
import java.util.Map;

/**
 * One rule about model serving: a pure function of the draft and the facts. It reads no clock and no cluster, never
 * throws for what an author wrote, and gives a reason for everything that it does or leaves.
 */
public interface Rule {
    /** Its name in metrics, in {@code explain} and in the docs: lower case with dashes. */
    String id();

    /** Fills, clamps, warns or leaves. Applied to its own result, it changes nothing. */
    void apply(Draft draft, Facts facts);

    /**
     * A rule for InferenceServices and InferenceGraphs. It writes only what cannot be written on the objects that KServe
     * renders from them: an annotation that is added to a running InferenceService starts new pods.
     */
    interface ComponentRule {
        /** As {@link Rule#id()}. */
        String id();

        /**
         * As {@link Rule#apply}.
         *
         * @param facts by the name of the component, because the labels of a component may match other profiles; never
         *     empty
         */
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
    public interface AuthorRule {
        /** Its name in metrics, in {@code explain} and in the docs: lower case with dashes. */
        String id();

        /**
         * The warnings, in the order of the document; a pure function.
         *
         * @param object as its author wrote it
         * @param byDefault the mode of an object that names none
         * @param cluster Knative's own configuration
         */
        List<Decision> look(Manifest object, DeploymentMode byDefault, KnativeConfig cluster);
    }
}

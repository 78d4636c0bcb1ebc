package dev.trimtab.rules;

import dev.trimtab.kserve.DeploymentMode;
import java.util.Map;

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

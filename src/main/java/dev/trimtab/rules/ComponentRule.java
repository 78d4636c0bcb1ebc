package dev.trimtab.rules;

import dev.trimtab.kserve.DeploymentMode;
import java.util.Map;

/**
 * A rule for what KServe renders into other objects: InferenceService and InferenceGraph. Only what cannot be written on
 * the rendered objects belongs here: an annotation that is added to a running InferenceService starts new pods.
 */
interface ComponentRule {
    /** As {@link Rule#id()}. */
    String id();

    /**
     * As {@link Rule#apply}.
     *
     * @param facts by the name of the component: their labels may match other profiles; one for each, never empty
     */
    void apply(Draft draft, Map<String, Facts> facts);

    /** What KServe makes of the object; all components are of one mode. */
    static DeploymentMode mode(Draft draft, Map<String, Facts> facts) {
        DeploymentMode byDefault = facts.values().iterator().next().defaultMode();
        return DeploymentMode.of(draft.manifest(), byDefault);
    }
}

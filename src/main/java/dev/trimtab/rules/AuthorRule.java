package dev.trimtab.rules;

import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.Manifest;
import java.util.List;

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

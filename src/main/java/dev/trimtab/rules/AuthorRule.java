package dev.trimtab.rules;

import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.Manifest;
import java.util.List;

/**
 * Tells the author of an object what will not do what it seems to, as it is written. It is said when an object is created,
 * and of an UPDATE only what that brings.
 */
public interface AuthorRule {
    /** Its name in metrics, in {@code explain} and in the docs: lower case with dashes. */
    String id();

    /**
     * What there is to say, in the order of the document; a pure function.
     *
     * @param object as its author wrote it
     * @param byDefault the mode of an object that names none
     * @param cluster Knative's own configuration
     */
    List<Decision> look(Manifest object, DeploymentMode byDefault, KnativeConfig cluster);
}

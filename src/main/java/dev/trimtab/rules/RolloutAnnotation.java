package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;

/** How long traffic takes to move to a new revision, on the metadata of a Service or an InferenceService. */
public final class RolloutAnnotation {
    public static final JsonPointer AT = Pointers.of("metadata", "annotations", "serving.knative.dev/rollout-duration");

    /** Knative reads this key only if the other one is absent (serving 1.23, register.go 180-184). */
    public static final String OTHER_SPELLING = "serving.knative.dev/rolloutDuration";

    private RolloutAnnotation() {}

    public static boolean isSpelledOtherwise(ObjectNode object) {
        return new Manifest(object).annotations().has(OTHER_SPELLING);
    }
}

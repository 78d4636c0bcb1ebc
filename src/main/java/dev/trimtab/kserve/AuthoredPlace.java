package dev.trimtab.kserve;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.ScaleAnnotation;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import java.util.Optional;

/**
 * Where an author wrote what KServe renders as an annotation of the template: kserve 0.20 takes {@code minReplicas} and
 * {@code maxReplicas} before any annotation, and a component's own annotations before the object's
 * (SetAutoScalingAnnotations, pkg/controller/v1alpha1/utils/utils.go 48-155).
 */
public final class AuthoredPlace {
    private static final JsonPointer OF_OBJECT = Pointers.of("metadata", "annotations");

    private AuthoredPlace() {}

    /**
     * @param rendered the place in the Knative Service
     * @return empty where the component shows nothing of it
     */
    public static Optional<JsonPointer> of(Component component, JsonPointer rendered) {
        if (!KnativeService.TEMPLATE_ANNOTATIONS.equals(rendered.head())) {
            return Optional.empty();
        }
        String key = rendered.last().getMatchingProperty();
        Optional<JsonPointer> replicas = replicas(component, key);
        if (replicas.isPresent()) {
            return replicas;
        }
        if (component.ownAnnotations().has(key)) {
            return Optional.of(own(component, key));
        }
        JsonPointer shared = OF_OBJECT.appendProperty(key);
        return component.object().at(shared).isMissingNode() ? Optional.empty() : Optional.of(shared);
    }

    /** Where it can be written for this component alone. */
    public static JsonPointer own(Component component, String key) {
        return component.isGraph()
                ? OF_OBJECT.appendProperty(key)
                : component.field("annotations").appendProperty(key);
    }

    private static Optional<JsonPointer> replicas(Component component, String key) {
        String field = "";
        if (ScaleAnnotation.MAX_SCALE.spellings().contains(key)) {
            field = "maxReplicas";
        } else if (ScaleAnnotation.MIN_SCALE.spellings().contains(key)) {
            field = "minReplicas";
        }
        JsonNode value = component.node().path(field);
        boolean counts = value.isNumber() && (value.intValue() != 0 || field.equals("minReplicas"));
        return counts ? Optional.of(component.field(field)) : Optional.empty();
    }
}

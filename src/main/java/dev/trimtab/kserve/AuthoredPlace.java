package dev.trimtab.kserve;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kserve.Model.ModelBlock;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ScaleAnnotation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds where an author wrote a value that KServe renders into a template: {@link Rendering} in reverse. In kserve
 * 0.20, {@code minReplicas}, {@code maxReplicas}, {@code scaleTarget} and {@code scaleMetric} take precedence over
 * annotations. A component's annotations and labels take precedence over the object's (SetAutoScalingAnnotations,
 * pkg/controller/v1alpha1/utils/utils.go 48-155).
 */
public final class AuthoredPlace {
    private static final JsonPointer NAME = Pointers.of("metadata", "name");
    private static final JsonPointer OF_OBJECT = Pointers.of("metadata", "annotations");
    /** The component fields that take precedence over annotations. */
    public static final Map<ScaleAnnotation, String> FIELDS = Map.of(
            ScaleAnnotation.MIN_SCALE, "minReplicas",
            ScaleAnnotation.MAX_SCALE, "maxReplicas",
            ScaleAnnotation.TARGET, "scaleTarget",
            ScaleAnnotation.METRIC, "scaleMetric");

    private AuthoredPlace() {}

    /** Empty if the author wrote no such value. */
    public static Optional<JsonPointer> of(Component component, JsonPointer rendered) {
        return candidates(component, rendered)
                .filter(at -> !Pointers.isAbsent(component.object().at(at)))
                .findFirst();
    }

    /** As {@link #of}, or else the nearest place that the author wrote, at last the component itself. */
    public static JsonPointer nearest(Component component, JsonPointer rendered) {
        for (JsonPointer at = rendered; !at.matches(); at = at.head()) {
            Optional<JsonPointer> authored = of(component, at);
            if (authored.isPresent()) {
                return authored.get();
            }
        }
        return component.at();
    }

    /** The place of an annotation for this component alone. */
    public static JsonPointer own(Component component, String key) {
        return component.isGraph()
                ? OF_OBJECT.appendProperty(key)
                : component.field("annotations").appendProperty(key);
    }

    /** The possible places, in order of precedence. */
    private static Stream<JsonPointer> candidates(Component component, JsonPointer rendered) {
        if (NAME.equals(rendered)) {
            return Stream.of(NAME);
        }
        JsonPointer map = rendered.head();
        if (KnativeService.TEMPLATE_ANNOTATIONS.equals(map) || OF_OBJECT.equals(map)) {
            String key = rendered.last().getMatchingProperty();
            return Stream.concat(
                    field(component, key).stream(), Stream.of(own(component, key), OF_OBJECT.appendProperty(key)));
        }
        if (KnativeService.TEMPLATE_LABELS.equals(map)) {
            String key = rendered.last().getMatchingProperty();
            JsonPointer ofObject = Pointers.of("metadata", "labels", key);
            return component.isGraph()
                    ? Stream.of(ofObject)
                    : Stream.of(component.field("labels").appendProperty(key), ofObject);
        }
        return rest(KnativeService.POD_SPEC, rendered).stream().flatMap(it -> inPod(component, it));
    }

    private static Optional<JsonPointer> field(Component component, String key) {
        return FIELDS.entrySet().stream()
                .filter(entry -> entry.getKey().spellings().contains(key))
                .map(Map.Entry::getValue)
                .filter(field -> counts(component.node().path(field), field))
                .map(component::field)
                .findFirst();
    }

    private static boolean counts(JsonNode value, String field) {
        return field.endsWith("Replicas")
                ? value.isNumber() && (value.intValue() != 0 || field.equals("minReplicas"))
                : value.isValueNode() && !value.isNull();
    }

    private static Stream<JsonPointer> inPod(Component component, JsonPointer place) {
        Optional<JsonPointer> inContainers = rest(Pointers.of("containers"), place);
        if (inContainers.isPresent()) {
            return inContainer(component, inContainers.get()).stream();
        }
        boolean timeout =
                List.of("timeoutSeconds", "responseStartTimeoutSeconds").contains(place.getMatchingProperty());
        return Stream.of(timeout ? component.field("timeout") : component.at().append(place));
    }

    /** KServe puts the model's container before the component's own containers. */
    private static Optional<JsonPointer> inContainer(Component component, JsonPointer place) {
        if (!place.mayMatchElement()) {
            return Optional.empty();
        }
        int index = place.getMatchingIndex();
        Optional<String> model = ModelBlock.name(component.node());
        if (model.isEmpty() || index > 0) {
            int own = model.isEmpty() ? index : index - 1;
            return Optional.of(component.field("containers").appendIndex(own).append(place.tail()));
        }
        JsonPointer block = component.field(model.get());
        boolean version = place.tail().toString().equals("/image")
                && !component.object().at(block).hasNonNull("image");
        return Optional.of(version ? block.appendProperty("runtimeVersion") : block.append(place.tail()));
    }

    /** {@code place} relative to {@code above}. Empty if it is not below. */
    private static Optional<JsonPointer> rest(JsonPointer above, JsonPointer place) {
        JsonPointer left = place;
        for (JsonPointer it = above; !it.matches(); it = it.tail()) {
            if (left.matches() || !left.getMatchingProperty().equals(it.getMatchingProperty())) {
                return Optional.empty();
            }
            left = left.tail();
        }
        return left.matches() ? Optional.empty() : Optional.of(left);
    }
}

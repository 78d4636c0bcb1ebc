package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.kserve.AuthoredPlace;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.rules.Rule.AuthorRule;
import dev.trimtab.rules.Rule.AuthorRule.Author;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Warns of scale annotations on an InferenceService or InferenceGraph that KServe drops or overwrites.
 *
 * <p>KServe prefers {@code minReplicas}, {@code maxReplicas}, {@code scaleTarget} and {@code scaleMetric} of a
 * component to any annotation: {@code minReplicas} always, as 1 if it is missing, the others if they are set. An
 * InferenceService's own annotation {@code autoscaling.knative.dev/max-scale} never gets to Knative, and neither does
 * an {@code initial-scale} that Knative would refuse. In Standard mode there is no autoscaler of Knative at all. This
 * rule names the annotation and what to write instead. It says nothing if annotation and field agree. It changes
 * nothing.
 *
 * <p>Example: annotation {@code autoscaling.knative.dev/max-scale: "4"} and no {@code maxReplicas}: write {@code
 * maxReplicas: 4} in {@code spec.predictor}. Source: kserve 0.20, SetAutoScalingAnnotations and
 * ServiceAnnotationDisallowedList.
 */
final class OverwrittenScaleRule implements AuthorRule {
    private static final JsonPointer OF_OBJECT = Pointers.of("metadata", "annotations");
    private static final Map<ScaleAnnotation, String> FIELDS = AuthoredPlace.FIELDS;

    @Override
    public void look(Manifest object, DeploymentMode byDefault, KnativeConfig cluster, Author author) {
        DeploymentMode mode = DeploymentMode.of(object, byDefault);
        if (!object.kind().isRendered() || mode == DeploymentMode.MODEL_MESH) {
            return;
        }
        List<Component> components = Component.of(object.root());
        for (ScaleAnnotation annotation : ScaleAnnotation.values()) {
            for (String key : annotation.spellings()) {
                if (object.annotations().has(key)) {
                    List<Component> inheriting = components.stream()
                            .filter(it -> !it.ownAnnotations().has(key))
                            .toList();
                    Written written = new Written(annotation, OF_OBJECT.appendProperty(key), true);
                    look(object, written, inheriting, mode, author);
                }
                for (Component component : components) {
                    if (component.ownAnnotations().has(key)) {
                        Written own = new Written(annotation, AuthoredPlace.own(component, key), false);
                        look(object, own, List.of(component), mode, author);
                    }
                }
            }
        }
        if (mode == DeploymentMode.KNATIVE) {
            warnOfInitialScale(object, components, cluster.autoscaler(), author);
        }
    }

    private record Written(ScaleAnnotation annotation, JsonPointer at, boolean ofObject) {
        String key() {
            return at.last().getMatchingProperty();
        }
    }

    private void look(
            Manifest object, Written written, List<Component> components, DeploymentMode mode, Author author) {
        JsonNode value = object.root().at(written.at());
        if (!value.isTextual() || components.isEmpty()) {
            return;
        }
        if (mode == DeploymentMode.STANDARD) {
            inStandardMode(written, components).ifPresent(it -> author.warn(written.at(), it));
            return;
        }
        Map<String, List<String>> lost = new LinkedHashMap<>();
        for (Component component : components) {
            remedy(written, value.textValue(), component)
                    .ifPresent(it ->
                            lost.computeIfAbsent(it, key -> new ArrayList<>()).add(place(component)));
        }
        lost.forEach((remedy, places) -> author.warn(
                written.at(),
                "%s %s does nothing: %s"
                        .formatted(written.key(), value.textValue(), remedy.formatted(String.join(" and ", places)))));
    }

    /** What to write instead, with a gap for the place; empty if the annotation works. */
    private static Optional<String> remedy(Written written, String value, Component component) {
        String field = FIELDS.get(written.annotation());
        if (field == null) {
            return Optional.empty();
        }
        JsonNode set = component.node().path(field);
        boolean isSet = set.isValueNode()
                && !set.isNull()
                && (written.annotation() != ScaleAnnotation.MAX_SCALE || set.asInt() != 0);
        if (isSet) {
            return same(value, set.asText())
                    ? Optional.empty()
                    : Optional.of("%s %s in %%s counts".formatted(field, set.asText()));
        }
        OptionalLong number = GoParsing.int64(value);
        return switch (written.annotation()) {
            case MIN_SCALE -> same(value, "1") ? Optional.empty() : Optional.of(write(field, number));
            // Zero is unbounded, and so is nothing.
            case MAX_SCALE ->
                written.ofObject()
                                && !component.isGraph()
                                && written.key().equals(ScaleAnnotation.MAX_SCALE.key())
                                && number.orElse(1) != 0
                        ? Optional.of(write(field, number))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static String write(String field, OptionalLong number) {
        return number.isPresent()
                ? "write %s: %d in %%s".formatted(field, number.getAsLong())
                : "write %s in %%s".formatted(field);
    }

    private static Optional<String> inStandardMode(Written written, List<Component> components) {
        String field = FIELDS.get(written.annotation());
        if (written.annotation() == ScaleAnnotation.CLASS) {
            return Optional.empty();
        }
        String remedy =
                field == null || components.stream().allMatch(it -> it.node().hasNonNull(field))
                        ? ""
                        : ": write " + field;
        return Optional.of("%s does nothing in Standard mode%s".formatted(written.key(), remedy));
    }

    /** KServe checks the object's annotation, but not a component's (ValidateInitialScaleAnnotation). */
    private static void warnOfInitialScale(
            Manifest object, List<Component> components, AutoscalerConfig cluster, Author author) {
        String key = ScaleAnnotation.INITIAL_SCALE.key();
        Optional<String> written = object.annotations().text(key);
        boolean counts = components.stream().anyMatch(it -> !it.ownAnnotations().has(key));
        if (written.isEmpty() || !counts) {
            return;
        }
        OptionalLong number = GoParsing.int64(written.get());
        boolean zero = number.orElse(1) == 0 && !cluster.allowZeroInitialScale();
        if (number.isEmpty() || zero) {
            String why = zero ? "the cluster does not allow a start at zero" : "it is not a whole number";
            author.warn(OF_OBJECT.appendProperty(key), "KServe drops %s \"%s\": %s".formatted(key, written.get(), why));
        }
    }

    private static boolean same(String annotation, String field) {
        OptionalLong one = GoParsing.int64(annotation);
        OptionalLong other = GoParsing.int64(field);
        return one.isPresent() ? one.equals(other) : annotation.equals(field);
    }

    private static String place(Component component) {
        return component.isGraph() ? "spec" : "spec." + component.name();
    }
}

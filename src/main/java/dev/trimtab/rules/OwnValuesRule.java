package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.gpu.GpuMemory;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.Annotations;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.rules.Rule.AuthorRule;
import dev.trimtab.rules.Rule.AuthorRule.Author;
import java.util.stream.Stream;

/**
 * Warns of Trimtab's own annotations with values that are not valid, and that Trimtab therefore ignores.
 *
 * <p>{@code trimtab.dev/startup-seconds} and {@code trimtab.dev/max-response-seconds} are whole numbers from 1 to
 * 86400. {@code trimtab.dev/gpu-memory} is an amount from {@code 1Mi} to {@code 1Ti}. {@code trimtab.dev/dataset} is
 * the name of a claim, or {@code name:/absolute/path}. This rule says what to write. It changes nothing.
 *
 * <p>Example: {@code trimtab.dev/startup-seconds: "15m"}: write {@code "900"}.
 */
final class OwnValuesRule implements AuthorRule {
    @Override
    public void look(Manifest object, DeploymentMode byDefault, KnativeConfig cluster, Author author) {
        places(object).forEach(map -> {
            Annotations annotations = new Annotations(object.root().at(map));
            for (AuthorHint promise : AuthorHint.values()) {
                boolean sound = promise.written(annotations).isPresent();
                say(
                        author,
                        map,
                        annotations,
                        promise.key(),
                        sound,
                        "write a whole number from 1 to " + AuthorHint.LONGEST);
            }
            boolean memory = GpuMemory.written(annotations).isPresent();
            say(
                    author,
                    map,
                    annotations,
                    GpuMemory.ANNOTATION,
                    memory,
                    "write an amount from 1Mi to 1Ti, such as 12Gi");
            boolean dataset = annotations
                    .text(DatasetAnnotation.ANNOTATION)
                    .flatMap(DatasetAnnotation::parse)
                    .isPresent();
            say(
                    author,
                    map,
                    annotations,
                    DatasetAnnotation.ANNOTATION,
                    dataset,
                    "write the name of a claim, or name:/absolute/path");
        });
    }

    /** The annotations that reach the template of the pods. */
    private static Stream<JsonPointer> places(Manifest object) {
        Stream<JsonPointer> whole = Stream.of(Pointers.of("metadata", "annotations"));
        return switch (object.kind()) {
            case KNATIVE_SERVICE -> Stream.of(KnativeService.TEMPLATE_ANNOTATIONS);
            case INFERENCE_SERVICE ->
                Stream.concat(whole, Component.of(object.root()).stream().map(it -> it.field("annotations")));
            case INFERENCE_GRAPH, POD_AUTOSCALER, DEPLOYMENT, OTHER -> whole;
        };
    }

    /** The API server refuses a value that is not a text. */
    private void say(
            Author author, JsonPointer map, Annotations annotations, String key, boolean sound, String remedy) {
        JsonNode value = annotations.map().path(key);
        if (value.isTextual() && !sound) {
            author.warn(map.appendProperty(key), "%s \"%s\" is ignored: %s".formatted(key, value.textValue(), remedy));
        }
    }
}

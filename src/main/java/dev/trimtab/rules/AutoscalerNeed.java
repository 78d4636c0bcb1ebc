package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ScaleAnnotation;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

public final class AutoscalerNeed {
    static final Set<String> OF_HPA = Set.of("cpu", "memory");
    static final Set<String> OF_KPA = Set.of("concurrency", "rps");

    private AutoscalerNeed() {}

    /** Whether the document has only metrics of Knative's own autoscaler. */
    public static boolean isKpa(ObjectNode document) {
        List<String> metrics = metrics(document);
        return metrics.stream().anyMatch(OF_KPA::contains) && metrics.stream().noneMatch(OF_HPA::contains);
    }

    /** The place of the class in a document; empty for kinds that have none. */
    public static Optional<JsonPointer> place(ObjectNode document) {
        return switch (new Manifest(document).kind()) {
            case KNATIVE_SERVICE -> Optional.of(KnativeService.annotation(ScaleAnnotation.CLASS.key()));
            case INFERENCE_SERVICE -> Optional.of(Pointers.of("metadata", "annotations", ScaleAnnotation.CLASS.key()));
            case DEPLOYMENT, INFERENCE_GRAPH, POD_AUTOSCALER, OTHER -> Optional.empty();
        };
    }

    /** The place of the first metric that only the HPA class can scale on. */
    static JsonPointer metricPlace(Draft draft) {
        return draft.components().stream()
                .map(it -> it.field("scaleMetric"))
                .filter(at -> OF_HPA.contains(draft.value(at).asText()))
                .findFirst()
                .orElse(JsonPointer.empty());
    }

    /** The metrics of a Service's template, or of the components of an InferenceService. */
    static List<String> metrics(ObjectNode document) {
        Stream<String> texts = new Manifest(document).kind().isRendered()
                ? Component.of(document).stream()
                        .map(it -> it.node().path("scaleMetric").asText(""))
                : new KnativeService(document).templateAnnotations().text(ScaleAnnotation.METRIC.key()).stream();
        return texts.filter(metric -> !metric.isEmpty()).toList();
    }
}

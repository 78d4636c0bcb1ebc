package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.ScaleAnnotation;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Which autoscaler the metrics of a document need. */
public final class AutoscalerNeed {
    static final Set<String> OF_HPA = Set.of("cpu", "memory");
    static final Set<String> OF_KPA = Set.of("concurrency", "rps");

    private AutoscalerNeed() {}

    /** Whether the metrics are Knative's own autoscaler's, and none is one that only the HPA class can scale on. */
    public static boolean isKpa(ObjectNode document) {
        List<String> metrics = metrics(document);
        return metrics.stream().anyMatch(OF_KPA::contains) && metrics.stream().noneMatch(OF_HPA::contains);
    }

    /** Where the class of a document stands or would be written; empty for kinds that have none. */
    public static Optional<JsonPointer> place(ObjectNode document) {
        return switch (new Manifest(document).kind()) {
            case KNATIVE_SERVICE -> Optional.of(KnativeService.annotation(ScaleAnnotation.CLASS.key()));
            case INFERENCE_SERVICE -> Optional.of(Pointers.of("metadata", "annotations", ScaleAnnotation.CLASS.key()));
            case DEPLOYMENT, INFERENCE_GRAPH, POD_AUTOSCALER, OTHER -> Optional.empty();
        };
    }

    /** Where a component says that it scales on what only the HPA class can. */
    static JsonPointer metricPlace(Draft draft) {
        return draft.components().stream()
                .map(it -> it.field("scaleMetric"))
                .filter(at -> OF_HPA.contains(draft.value(at).asText()))
                .findFirst()
                .orElse(JsonPointer.empty());
    }

    /** What a Service's template, or the components of an InferenceService, scale on; empty where nobody says. */
    static List<String> metrics(ObjectNode document) {
        Stream<String> texts = new Manifest(document).kind().isRendered()
                ? Component.of(document).stream()
                        .map(it -> it.node().path("scaleMetric").asText(""))
                : new KnativeService(document).templateAnnotations().text(ScaleAnnotation.METRIC.key()).stream();
        return texts.filter(metric -> !metric.isEmpty()).toList();
    }
}

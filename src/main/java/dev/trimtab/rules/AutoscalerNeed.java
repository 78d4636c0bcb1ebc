package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ScaleAnnotation;
import java.util.Optional;
import java.util.Set;

public final class AutoscalerNeed {
    static final Set<String> OF_HPA = Set.of("cpu", "memory");
    static final Set<String> OF_KPA = Set.of("concurrency", "rps");

    private AutoscalerNeed() {}

    /**
     * Whether something in the document is left to Knative's own autoscaler, or named for it. Without a metric, that
     * autoscaler scales on concurrency; under the HPA class, the same target would be percent of CPU.
     */
    public static boolean isKpa(ObjectNode document) {
        if (new Manifest(document).kind().isRendered()) {
            return !Component.of(document).stream().allMatch(AutoscalerNeed::isHpa);
        }
        return new KnativeService(document)
                .templateAnnotations()
                .text(ScaleAnnotation.METRIC.key())
                .filter(metric -> !metric.isEmpty() && !OF_KPA.contains(metric))
                .isEmpty();
    }

    /** Whether only the HPA class can scale on the component's metric. */
    static boolean isHpa(Component component) {
        return OF_HPA.contains(metric(component));
    }

    static String metric(Component component) {
        return component.node().path("scaleMetric").asText("");
    }

    /** The place of the class in a document; empty for kinds that have none. */
    public static Optional<JsonPointer> place(ObjectNode document) {
        return switch (new Manifest(document).kind()) {
            case KNATIVE_SERVICE -> Optional.of(KnativeService.annotation(ScaleAnnotation.CLASS.key()));
            case INFERENCE_SERVICE -> Optional.of(Pointers.of("metadata", "annotations", ScaleAnnotation.CLASS.key()));
            case DEPLOYMENT, INFERENCE_GRAPH, POD_AUTOSCALER, OTHER -> Optional.empty();
        };
    }
}

package dev.trimtab.gpu;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.manifest.Annotations;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Quantities;
import dev.trimtab.policy.Serving;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;

/**
 * @param bytes from 1 MiB to 1 TiB
 * @param byAuthor true if an annotation of the template sets it, false if a profile does
 */
public record GpuMemory(BigDecimal bytes, boolean byAuthor) {
    public static final String ANNOTATION = "trimtab.dev/gpu-memory";
    public static final JsonPointer AT = KnativeService.annotation(ANNOTATION);

    private static final Set<String> WITHOUT_MODEL = Set.of("transformer", "explainer");
    private static final BigDecimal LEAST = new BigDecimal(1L << 20);
    private static final BigDecimal MOST = new BigDecimal(1L << 40);

    public static Optional<GpuMemory> asked(KnativeService service, Serving profile) {
        if (!isOfModel(service)) {
            return Optional.empty();
        }
        return written(service.templateAnnotations())
                .map(bytes -> new GpuMemory(bytes, true))
                .or(() -> profile.gpuMemoryBytes().map(bytes -> new GpuMemory(bytes, false)));
    }

    /** KServe copies annotations to every component, and only the predictor has the model. */
    private static boolean isOfModel(KnativeService service) {
        String component = new Manifest(service.root()).labels().getOrDefault("component", "");
        return service.origin() == Kind.KNATIVE_SERVICE
                || (service.origin() == Kind.INFERENCE_SERVICE && !WITHOUT_MODEL.contains(component));
    }

    /** Empty without the annotation, or if its value is invalid. */
    public static Optional<BigDecimal> written(Annotations annotations) {
        return annotations
                .text(ANNOTATION)
                .map(TextNode::valueOf)
                .flatMap(Quantities::amount)
                .filter(bytes -> bytes.compareTo(LEAST) >= 0 && bytes.compareTo(MOST) <= 0);
    }
}

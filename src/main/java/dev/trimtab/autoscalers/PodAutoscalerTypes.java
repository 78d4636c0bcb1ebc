package dev.trimtab.autoscalers;

import static dev.trimtab.types.Type.INT32;
import static dev.trimtab.types.Type.INT64;
import static dev.trimtab.types.Type.LIST_OF_TEXTS;
import static dev.trimtab.types.Type.TEXT;

import dev.trimtab.types.Type.Kubernetes;
import dev.trimtab.types.Type.ListOf;
import dev.trimtab.types.Type.Struct;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectReference;
import java.util.Map;

/** The types of a PodAutoscaler, as AIBrix has them. */
public final class PodAutoscalerTypes {
    private static final Struct SOURCE = new Struct(Map.of(
            "endpoint", TEXT,
            "metricSourceType", TEXT,
            "path", TEXT,
            "port", TEXT,
            "protocolType", TEXT,
            "targetMetric", TEXT,
            "targetValue", TEXT));

    private static final Struct SCHEDULE = new Struct(Map.of(
            "daysOfWeek", LIST_OF_TEXTS,
            "endTime", TEXT,
            "maxReplicas", INT32,
            "minReplicas", INT32,
            "name", TEXT,
            "startTime", TEXT,
            "timezone", TEXT));

    private static final Struct SPEC = new Struct(Map.of(
            "maxReplicas", INT32,
            "metricsSources", new ListOf(SOURCE),
            "minReplicas", INT32,
            "observeWindowSeconds", INT64,
            "panicWindowSeconds", INT64,
            "scaleTargetRef", new Kubernetes(ObjectReference.class),
            "scalingStrategy", TEXT,
            "schedules", new ListOf(SCHEDULE),
            "subTargetSelector", new Struct(Map.of("roleName", TEXT))));

    public static final Struct POD_AUTOSCALER = new Struct(
            Map.of("apiVersion", TEXT, "kind", TEXT, "metadata", new Kubernetes(ObjectMeta.class), "spec", SPEC));

    private PodAutoscalerTypes() {}
}

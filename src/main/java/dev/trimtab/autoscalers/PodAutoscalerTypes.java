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

public final class PodAutoscalerTypes {
    private static final Struct SOURCE = Struct.of(TEXT, "endpoint", "metricSourceType", "path", "port")
            .with(TEXT, "protocolType", "targetMetric", "targetValue");

    private static final Struct SCHEDULE = Struct.of(LIST_OF_TEXTS, "daysOfWeek")
            .with(INT32, "maxReplicas", "minReplicas")
            .with(TEXT, "endTime", "name", "startTime", "timezone");

    private static final Struct SPEC = Struct.of(INT32, "maxReplicas", "minReplicas")
            .with(INT64, "observeWindowSeconds", "panicWindowSeconds")
            .with(TEXT, "scalingStrategy")
            .with(new ListOf(SOURCE), "metricsSources")
            .with(new ListOf(SCHEDULE), "schedules")
            .with(new Kubernetes(ObjectReference.class), "scaleTargetRef")
            .with(Struct.of(TEXT, "roleName"), "subTargetSelector");

    public static final Struct POD_AUTOSCALER = Struct.of(TEXT, "apiVersion", "kind")
            .with(new Kubernetes(ObjectMeta.class), "metadata")
            .with(SPEC, "spec");

    private PodAutoscalerTypes() {}
}

package dev.trimtab.review;

import dev.trimtab.autoscalers.PodAutoscalerTypes;
import dev.trimtab.knative.validation.ServiceTypes;
import dev.trimtab.kserve.KserveTypes;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.types.Type;
import dev.trimtab.types.Type.Kubernetes;
import dev.trimtab.types.TypeCheck;
import dev.trimtab.types.TypeCheck.TypeProblem;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;

/** The types of the reviewed kinds, and values that the API server cannot read. */
public final class ObjectTypes {
    private ObjectTypes() {}

    public static List<TypeProblem> problems(Manifest object) {
        return TypeCheck.of(object.root(), type(object));
    }

    private static Type type(Manifest object) {
        return switch (object.kind()) {
            case KNATIVE_SERVICE -> ServiceTypes.SERVICE;
            case INFERENCE_SERVICE -> KserveTypes.INFERENCE_SERVICE;
            case INFERENCE_GRAPH -> KserveTypes.INFERENCE_GRAPH;
            case DEPLOYMENT -> new Kubernetes(Deployment.class);
            case POD_AUTOSCALER -> PodAutoscalerTypes.POD_AUTOSCALER;
            case OTHER -> Type.ANYTHING;
        };
    }
}

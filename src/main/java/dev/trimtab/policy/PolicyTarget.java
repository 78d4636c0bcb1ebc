package dev.trimtab.policy;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;

/**
 * The object that a policy is asked about. For a Knative Service that KServe renders for an InferenceService the caller
 * gives {@link ServiceKind#INFERENCE_SERVICE}: that is what its author wrote.
 *
 * @param labels the labels of the object itself, {@code metadata.labels}
 * @param templateLabels the labels of its pods, {@code spec.template.metadata.labels}; empty where it has no template
 * @param modelFormat {@code modelFormat.name} of the InferenceService's predictor; empty for what is none, or where it is
 *     not known
 */
public record PolicyTarget(
        ServiceKind kind,
        String namespace,
        Map<String, String> labels,
        Map<String, String> templateLabels,
        Optional<String> modelFormat) {
    public PolicyTarget {
        requireNonNull(kind, "kind");
        requireNonNull(namespace, "namespace");
        requireNonNull(modelFormat, "modelFormat");
        labels = Map.copyOf(labels);
        templateLabels = Map.copyOf(templateLabels);
    }
}

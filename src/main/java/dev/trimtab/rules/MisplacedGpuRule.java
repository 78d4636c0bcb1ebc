package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.gpu.GpuFamily;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.rules.Rule.AuthorRule;
import dev.trimtab.rules.Rule.AuthorRule.Author;
import java.util.List;
import java.util.stream.Stream;

/**
 * Warns of GPUs and canaries in places that have no effect.
 *
 * <p>{@code resources} of a component itself are those of the pod as a whole, which has no GPUs. The rule warns of a
 * GPU there, and names the place of the model container's limits. It also warns of {@code spec.canary} outside
 * Standard mode, because KServe runs such canaries only in Standard mode. It changes nothing.
 *
 * <p>Example: {@code nvidia.com/gpu: 1} in {@code spec.predictor.resources}: write it in {@code model.resources}.
 * Source: Kubernetes 1.34, pod-level resources; kserve 0.20, inference_service.go.
 */
final class MisplacedGpuRule implements AuthorRule {
    @Override
    public void look(Manifest object, DeploymentMode byDefault, KnativeConfig cluster, Author author) {
        if (object.kind() != Kind.INFERENCE_SERVICE) {
            return;
        }
        ObjectNode root = object.root();
        Stream.concat(Component.of(root).stream(), Component.canaries(root).stream())
                .forEach(it -> look(it, author));
        boolean standard = DeploymentMode.of(object, byDefault) == DeploymentMode.STANDARD;
        if (!standard && !Pointers.isAbsent(root.at("/spec/canary"))) {
            author.warn(
                    Pointers.of("spec", "canary"),
                    "spec.canary does nothing: KServe reads it in Standard mode only; write canaryTrafficPercent");
        }
    }

    private void look(Component component, Author author) {
        boolean model = component.node().path("containers").isEmpty();
        for (String kind : List.of("limits", "requests")) {
            JsonPointer at = component.field("resources").appendProperty(kind);
            component.object().at(at).fieldNames().forEachRemaining(resource -> {
                if (GpuFamily.of(resource).isPresent()) {
                    author.warn(
                            at.appendProperty(resource),
                            "%s: a pod as a whole gets no %s: write it in %s.resources"
                                    .formatted(component.name(), resource, model ? "model" : "containers[0]"));
                }
            });
        }
    }
}

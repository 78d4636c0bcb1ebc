package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.manifest.KnativeService;
import java.util.Map;
import java.util.TreeMap;

/**
 * Puts annotations and labels on the pods: image caches, routing to serverless nodes, injection of caches.
 *
 * <p>This rule fills each entry of a profile's {@code template.annotations} and {@code template.labels} if the
 * template does not have the key. It leaves what the author wrote; without a profile it does nothing. The policy may
 * not contain keys of Knative, KServe or Trimtab.
 *
 * <p>Example: {@code template: {annotations: {k8s.aliyun.com/eci-image-cache: "true"}}}.
 */
final class TemplateMetadataRule implements Rule {
    @Override
    public String id() {
        return "template";
    }

    @Override
    public void apply(Draft draft, Facts facts) {
        fill(
                draft,
                KnativeService.TEMPLATE_ANNOTATIONS,
                facts.policy().serving().annotations());
        fill(draft, KnativeService.TEMPLATE_LABELS, facts.policy().serving().labels());
    }

    /** In the order of the keys, so that the document is the same on each replica. */
    private void fill(Draft draft, JsonPointer map, Map<String, String> entries) {
        new TreeMap<>(entries)
                .forEach((key, value) -> draft.fill(
                        id(),
                        map.appendProperty(key),
                        TextNode.valueOf(value),
                        "",
                        "the policy's value for models of this kind"));
    }
}

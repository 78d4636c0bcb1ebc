package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.rules.Rule.WorkloadRule;
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
final class TemplateRule implements WorkloadRule {
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
        new TreeMap<>(entries).forEach((key, value) -> draft.fill(map.appendProperty(key), value, Draft.FROM_POLICY));
    }
}

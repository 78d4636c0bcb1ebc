package dev.trimtab.policy;

import java.math.BigDecimal;
import java.util.List;

/**
 * What a policy comes to for one object.
 *
 * @param timeoutsFactor by what the longest response is multiplied for a timeout, 1 to 10
 * @param gpu how this cluster shares GPU memory
 * @param pinDefaults whether what Knative's config-defaults would fill is written out
 * @param serving what the matching profiles know about the model
 * @param profiles the names of the profiles that matched, in the order in which they count; those of the object's own
 *     namespace have it in front: {@code ml-dev/llm}
 */
public record EffectivePolicy(
        Mode mode,
        Conflicts conflicts,
        Scaling scaling,
        BigDecimal timeoutsFactor,
        Gpu gpu,
        boolean pinDefaults,
        Serving serving,
        List<String> profiles) {
    public EffectivePolicy {
        profiles = List.copyOf(profiles);
    }
}

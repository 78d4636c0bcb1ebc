package dev.trimtab.policy;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.util.List;

/**
 * What a policy comes to for one object.
 *
 * @param timeoutsFactor by what the longest response is multiplied for a timeout, 1 to 10
 * @param serving what the matching profiles know about the model
 * @param profiles the names of the profiles that matched, in the policy's order
 */
public record Effective(
        Mode mode,
        Conflicts conflicts,
        Scaling scaling,
        BigDecimal timeoutsFactor,
        Serving serving,
        List<String> profiles) {
    public Effective {
        requireNonNull(mode, "mode");
        requireNonNull(conflicts, "conflicts");
        requireNonNull(scaling, "scaling");
        requireNonNull(timeoutsFactor, "timeoutsFactor");
        requireNonNull(serving, "serving");
        profiles = List.copyOf(profiles);
    }
}

package dev.trimtab.policy;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What a policy comes to for one object.
 *
 * @param profiles the names of the profiles that matched, in the policy's order
 */
public record Effective(Mode mode, Conflicts conflicts, Scaling scaling, List<String> profiles) {
    public Effective {
        requireNonNull(mode, "mode");
        requireNonNull(conflicts, "conflicts");
        requireNonNull(scaling, "scaling");
        profiles = List.copyOf(profiles);
    }
}

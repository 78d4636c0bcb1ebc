package dev.trimtab.policy;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Stream;

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

    /** The same with {@code profile} on top: what it sets wins, what it leaves out stays. */
    Effective with(Profile profile) {
        Overrides overrides = profile.overrides();
        return new Effective(
                mode,
                overrides.conflicts().orElse(conflicts),
                overrides.over(scaling),
                Stream.concat(profiles.stream(), Stream.of(profile.name())).toList());
    }
}

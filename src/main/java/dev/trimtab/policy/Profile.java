package dev.trimtab.policy;

import static java.util.Objects.requireNonNull;

/**
 * Settings for some of the objects.
 *
 * @param name a DNS label, the name under which {@code explain} mentions the profile
 * @param serving what it says about the models that match
 */
public record Profile(String name, Match match, Overrides overrides, Serving serving) {
    /** @throws IllegalArgumentException if the name is no DNS label */
    public Profile {
        Names.require(Names.dnsLabelFlaw(name));
        requireNonNull(match, "match");
        requireNonNull(overrides, "overrides");
        requireNonNull(serving, "serving");
    }
}

package dev.trimtab.policy;

/**
 * Settings for some of the objects.
 *
 * @param name a DNS label, the name under which {@code explain} mentions the profile
 * @param serving what it says about the models that match
 */
public record Profile(String name, Match match, Overrides overrides, Serving serving) {}

package dev.trimtab.policy;

import java.util.List;

/**
 * What came of reading a namespace's own policy. Both lists are empty where it is well and sets nothing.
 *
 * @param profiles in the order of the text; empty if there is a problem
 * @param problems what is wrong, in the order of the text
 */
public record LoadedProfiles(List<Profile> profiles, List<PolicyProblem> problems) {
    /** @throws IllegalArgumentException if there are both: a text with a problem holds in no part */
    public LoadedProfiles {
        profiles = List.copyOf(profiles);
        problems = List.copyOf(problems);
        if (!profiles.isEmpty() && !problems.isEmpty()) {
            throw new IllegalArgumentException("a text with a problem gives no profiles");
        }
    }
}

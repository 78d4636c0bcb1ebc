package dev.trimtab.policy;

import java.util.List;
import java.util.Map;

/**
 * What came of reading a namespace's own policy. Both lists are empty where it is well and sets nothing.
 *
 * @param profiles in the order of the text; empty if there is a problem
 * @param problems what is wrong, in the order of the text
 */
public record LoadedProfiles(List<Profile> profiles, List<PolicyProblem> problems) {
    /** There is no ConfigMap. */
    public static final LoadedProfiles NONE = new LoadedProfiles(List.of(), List.of());

    /** @throws IllegalArgumentException if there are both: a text with a problem holds in no part */
    public LoadedProfiles {
        profiles = List.copyOf(profiles);
        problems = List.copyOf(problems);
        if (!profiles.isEmpty() && !problems.isEmpty()) {
            throw new IllegalArgumentException("a text with a problem gives no profiles");
        }
    }

    /** @param data of the ConfigMap of a namespace */
    public static LoadedProfiles of(Map<String, String> data) {
        String text = data.get(PolicyState.KEY);
        return text == null
                ? new LoadedProfiles(List.of(), List.of(new PolicyProblem("", 1, 1, PolicyState.noKey())))
                : PolicyLoader.loadProfiles(text);
    }
}

package dev.trimtab.policy;

import java.util.Locale;

/** An enum with one spelling in a policy for each constant. Case matters. */
public interface PolicyTerm {
    String name();

    /** The spelling in a policy: {@code MinReplicas} for MIN_REPLICAS. */
    default String term() {
        StringBuilder term = new StringBuilder();
        for (String word : name().split("_", -1)) {
            term.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return term.toString();
    }
}

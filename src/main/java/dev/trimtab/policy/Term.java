package dev.trimtab.policy;

/** A value that a policy spells out, such as {@code MinReplicas}. Each enum constant has one spelling; case matters. */
public interface Term {
    /** The value as it stands in a policy. */
    String term();
}

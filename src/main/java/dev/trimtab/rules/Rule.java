package dev.trimtab.rules;

/**
 * One thing that Trimtab knows about serving. A rule is a pure function of the draft and the facts: it reads no clock
 * and no cluster, it never throws for what an author wrote, and it says why for each thing that it does or leaves.
 */
public interface Rule {
    /** Its name in metrics, in {@code explain} and in the docs: lower case with dashes. */
    String id();

    /** Fills, clamps, warns or leaves; applied to its own result it changes nothing. */
    void apply(Draft draft, Facts facts);
}

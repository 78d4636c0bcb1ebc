package dev.trimtab.rules;

/**
 * One rule about model serving: a pure function of the draft and the facts. It reads no clock and no cluster, never
 * throws for what an author wrote, and gives a reason for everything that it does or leaves.
 */
public interface Rule {
    /** Its name in metrics, in {@code explain} and in the docs: lower case with dashes. */
    String id();

    /** Fills, clamps, warns or leaves. Applied to its own result, it changes nothing. */
    void apply(Draft draft, Facts facts);
}

package dev.trimtab.policy;

/** Whether the KServe of this cluster stops services itself. */
public enum NativeStop implements PolicyTerm {
    /** Trimtab sees it by what KServe does. */
    AUTO,

    /** It does: no guard and no status is written. */
    ALWAYS,

    /** It does not: Trimtab tears a stopped service down at once. */
    NEVER
}

package dev.trimtab.policy;

/** Whether Trimtab acts on what it decides. */
public enum Mode implements PolicyTerm {
    /** Patch the object. */
    ENFORCE,

    /** Decide, warn and count, but fill and clamp nothing new. */
    AUDIT
}

package dev.trimtab.lifecycle;

/** What following the owner references of an object, up to the last, has come to. */
public enum Ownership {
    /** They lead to the service. */
    OURS,
    /** They lead to an owner that is gone. */
    ORPHANED,
    /** They lead to something else that is there. */
    OTHERS,
    /** There is none, or one that cannot be read. */
    UNKNOWN
}

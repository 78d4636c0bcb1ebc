package dev.trimtab.policy;

/** What is done where a check finds something. */
public enum Severity implements PolicyTerm {
    /** The object is refused. */
    DENY,

    /** Its author is told. */
    WARN,

    /** Nothing. */
    IGNORE
}

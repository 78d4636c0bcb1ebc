package dev.trimtab.policy;

/** What happens to an author's value that Knative would refuse or that would misbehave. */
public enum Conflicts implements PolicyTerm {
    /** Move it to the nearest value that works, and warn. */
    CLAMP,

    /** Leave it, and warn. */
    WARN,

    /** Refuse the object, and say why. */
    DENY
}

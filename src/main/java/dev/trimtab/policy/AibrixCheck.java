package dev.trimtab.policy;

/** What is checked of a PodAutoscaler; {@code aibrix.checks} of a policy names these. */
public enum AibrixCheck implements Term {
    /** Two PodAutoscalers of one target. */
    A1(Severity.DENY),
    /** One of a role and one of the whole StormService. */
    A2(Severity.DENY),
    /** A target in another namespace. */
    A3(Severity.DENY),
    /** A target without apiVersion, where it cannot be filled. */
    A4(Severity.DENY),
    /** A metric twice in one PodAutoscaler. */
    A5(Severity.DENY),
    /** Two PodAutoscalers whose metrics differ in the path alone. */
    A6(Severity.WARN),
    /** Two PodAutoscalers of one external metric. */
    A7(Severity.WARN),
    /** A metric that AIBrix does not know. */
    A8(Severity.WARN),
    /** Bounds that cannot be. */
    A9(Severity.DENY),
    /** A minimum of 0 that the HPA strategy makes 1. */
    A10(Severity.WARN),
    /** Scale to zero asked for by half. */
    A11(Severity.WARN),
    /** An annotation that AIBrix cannot read. */
    A12(Severity.DENY),
    /** An annotation that nobody reads. */
    A13(Severity.WARN),
    /** An annotation among the labels. */
    A14(Severity.WARN),
    /** A percentage where a ratio is meant. */
    A15(Severity.WARN),
    /** A fraction that the HPA strategy makes 0. */
    A16(Severity.DENY),
    /** A role of what has none. */
    A17(Severity.DENY),
    /** Somebody else scales the target. */
    A18(Severity.WARN),
    /** More GPUs than the namespace may have. */
    A19(Severity.WARN),
    /** A window shorter than a start takes. */
    A20(Severity.WARN),
    /** A ratio averaged where a total is meant. */
    A21(Severity.WARN),
    /** A metric source that AIBrix cannot work with. */
    A22(Severity.WARN),
    /** A panic window that is longer than the other. */
    A23(Severity.WARN);

    private final Severity unlessSet;

    AibrixCheck(Severity unlessSet) {
        this.unlessSet = unlessSet;
    }

    /** What is done where the policy does not say. */
    public Severity unlessSet() {
        return unlessSet;
    }

    @Override
    public String term() {
        return name();
    }
}

package dev.trimtab.policy;

import static dev.trimtab.policy.AibrixCheck.Severity.DENY;
import static dev.trimtab.policy.AibrixCheck.Severity.WARN;

/** {@code aibrix.checks} of a policy names the checks by number. */
public enum AibrixCheck implements PolicyTerm {
    DUPLICATE_TARGET("A1", DENY),
    ROLE_AND_WHOLE("A2", DENY),
    OTHER_NAMESPACE("A3", DENY),
    MISSING_API_VERSION("A4", DENY),
    REPEATED_METRIC("A5", DENY),
    IGNORED_PATH("A6", WARN),
    SHARED_EXTERNAL_METRIC("A7", WARN),
    UNKNOWN_METRIC("A8", WARN),
    IMPOSSIBLE_BOUNDS("A9", DENY),
    MINIMUM_OF_HPA("A10", WARN),
    SCALE_TO_ZERO("A11", WARN),
    ANNOTATION_VALUE("A12", DENY),
    DEAD_KEY("A13", WARN),
    LABEL("A14", WARN),
    RATIO_TARGET("A15", WARN),
    FRACTION_OF_HPA("A16", DENY),
    ROLE_OF_NONE("A17", DENY),
    OTHER_SCALER("A18", WARN),
    GPU_QUOTA("A19", WARN),
    SHORT_WINDOW("A20", WARN),
    AVERAGED_RATIO("A21", WARN),
    SOURCE_SHAPE("A22", WARN),
    PANIC_WINDOW("A23", WARN);

    private final String number;
    private final Severity unlessSet;

    AibrixCheck(String number, Severity unlessSet) {
        this.number = number;
        this.unlessSet = unlessSet;
    }

    public Severity unlessSet() {
        return unlessSet;
    }

    @Override
    public String term() {
        return number;
    }

    public enum Severity implements PolicyTerm {
        DENY,

        WARN,

        IGNORE
    }
}

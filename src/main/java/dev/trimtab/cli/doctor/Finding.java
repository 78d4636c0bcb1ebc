package dev.trimtab.cli.doctor;

import static java.util.Objects.requireNonNull;

/**
 * @param what one sentence
 * @param where an object, such as {@code MutatingWebhookConfiguration trimtab.dev}
 * @param advice a command or a page; empty if nothing is to be done
 */
record Finding(Severity severity, String what, String where, String advice) {
    Finding {
        requireNonNull(severity, "severity");
        if (what.isBlank() || where.isBlank()) {
            throw new IllegalArgumentException("a finding says what and where");
        }
        boolean faulty = severity == Severity.PROBLEM || severity == Severity.WARNING;
        if (faulty && advice.isBlank()) {
            throw new IllegalArgumentException("a finding says what to do: " + what);
        }
    }

    static Finding problem(String where, String what, String advice) {
        return new Finding(Severity.PROBLEM, what, where, advice);
    }

    static Finding warning(String where, String what, String advice) {
        return new Finding(Severity.WARNING, what, where, advice);
    }

    static Finding fine(String where, String what) {
        return new Finding(Severity.FINE, what, where, "");
    }

    static Finding unchecked(String where, String because) {
        return new Finding(Severity.UNCHECKED, because, where, "");
    }
}

package dev.trimtab.cli.doctor;

import java.util.Locale;

/** From the most to the least urgent, which is the order of the output. */
enum Severity {
    /** Trimtab does not do its work, or not all of it. */
    PROBLEM,
    /** It works, with a risk. */
    WARNING,
    /** Nobody knows, mostly for lack of a right. */
    UNCHECKED,
    FINE;

    String term() {
        return name().toLowerCase(Locale.ROOT);
    }
}

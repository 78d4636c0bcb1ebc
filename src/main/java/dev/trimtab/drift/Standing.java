package dev.trimtab.drift;

import dev.trimtab.drift.Inspected.Finding;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.rules.Legality;
import dev.trimtab.stability.FillRecord;
import java.util.Locale;

/** How a stored object stands to the policy in force: the finding of a scan in one word. */
public enum Standing {
    /** A refresh would change nothing. */
    CURRENT,
    /** Filled earlier, by another policy or configuration. A refresh would give it other values. */
    RECORDED,
    /** Never filled: stored before Trimtab was there, while Trimtab was away, or in Audit mode. */
    UNRECORDED,
    /** Knative refuses a stored value, since its configuration was changed. */
    ILLEGAL,
    /** Not inspected: stopped, ignored, being deleted, or released by {@code trimtab leave}. */
    SKIPPED;

    public static Standing of(Manifest stored, Inspected inspected, KnativeConfig knative) {
        if (!(inspected instanceof Finding finding)) {
            return SKIPPED;
        }
        if (!Legality.of(stored.root(), knative).isEmpty()) {
            return ILLEGAL;
        }
        if (!finding.differs()) {
            return CURRENT;
        }
        return FillRecord.of(stored.root()).equals(FillRecord.EMPTY) ? UNRECORDED : RECORDED;
    }

    /** The label of the metric. */
    public String term() {
        return name().toLowerCase(Locale.ROOT);
    }
}

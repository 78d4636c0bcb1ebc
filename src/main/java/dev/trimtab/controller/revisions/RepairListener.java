package dev.trimtab.controller.revisions;

import dev.trimtab.manifest.Manifest;

/** Hears what became of a Revision that Knative no longer accepts, for an Event or a metric. */
public interface RepairListener {
    /** @param revision as it was before */
    void repaired(Manifest revision, String reason);

    /** @param why in the words of the cluster, on one line */
    void refused(Manifest revision, String why);
}

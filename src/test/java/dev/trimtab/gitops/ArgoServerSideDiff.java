package dev.trimtab.gitops;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Argo CD's server-side diff (gitops-engine, diff.go: serverSideDiff): what a server-side apply as {@link #MANAGER} would
 * come to, as a dry-run says, against what is live. Unless IncludeMutationWebhook is set, all that this manager does not
 * own is taken from the live object (removeWebhookMutation).
 */
public final class ArgoServerSideDiff {
    public static final String MANAGER = "argocd-controller";

    private ArgoServerSideDiff() {}

    /** With the annotation {@code ServerSideDiff=true}: where it shows a difference. */
    public static List<String> of(ObjectNode live, ObjectNode dryRun) {
        return Differences.between(normalized(live), normalized(OwnedFields.merged(live, dryRun, dryRun)));
    }

    /** With {@code ServerSideDiff=true,IncludeMutationWebhook=true}. */
    public static List<String> withMutations(ObjectNode live, ObjectNode dryRun) {
        return Differences.between(normalized(live), normalized(dryRun));
    }

    /**
     * What it shows with {@code ServerSideApply=true} alone (structuredMergeDiff): what Git has, merged into the live object by
     * the schema, without asking the API server.
     *
     * @param git as it was applied last: what it had before and has no more is not looked at here
     */
    public static List<String> structuredMerge(ObjectNode git, ObjectNode live) {
        return Differences.between(normalized(live), normalized(OwnedFields.merged(live, git, live)));
    }

    private static ObjectNode normalized(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        copy.withObject("/metadata").remove(List.of("creationTimestamp", "managedFields"));
        return copy;
    }
}

package dev.trimtab.cluster;

/** Nothing can be reviewed before the policy and Knative's configuration have been read for the first time. */
public final class NotLoadedYet extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotLoadedYet() {
        super("policy and cluster configuration are not read yet");
    }
}

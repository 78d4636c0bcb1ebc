package dev.trimtab.cli;

import dev.trimtab.kube.Cause;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** What the cluster said instead of an answer, in one line. */
public final class ClusterProblem extends Exception {
    private static final long serialVersionUID = 1L;

    /** The client has no code, 0 or -1, where there was no answer. */
    private static final int ANSWERED = 100;

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;
    private static final int GONE = 410;
    private static final int UNPROCESSABLE = 422;
    private static final int TOO_MANY = 429;
    private static final int SERVER = 500;

    private final int code;

    private ClusterProblem(int code, String message) {
        super(message);
        this.code = code;
    }

    /** @param about what was asked for */
    static ClusterProblem of(String about, String server, KubernetesClientException problem) {
        int code = problem.getCode();
        if (code < ANSWERED) {
            return new ClusterProblem(
                    code, "the cluster at %s cannot be reached: %s".formatted(server, Cause.of(problem)));
        }
        boolean said = problem.getStatus() != null && problem.getStatus().getMessage() != null;
        String reason = said ? problem.getStatus().getMessage() : problem.getMessage();
        String hint = code == UNAUTHORIZED ? " (the cluster does not take these credentials)" : "";
        if (reason != null && reason.contains("system:anonymous")) {
            hint = " (sent without credentials: the kubeconfig's user has none that work)";
        }
        return new ClusterProblem(code, about + ": " + oneLine(reason) + hint);
    }

    /** Whether the object was perhaps changed between reading and writing; a failed "test" of a patch is a 422 as well. */
    public boolean mayBeConflict() {
        return code == CONFLICT || code == UNPROCESSABLE;
    }

    /** Whether the rest of a list has to be asked for from its start. */
    boolean isExpired() {
        return code == GONE;
    }

    public boolean isForbidden() {
        return code == FORBIDDEN;
    }

    public boolean isConflict() {
        return code == CONFLICT;
    }

    /** Whether the same may be answered a moment later. */
    public boolean isPassing() {
        return code < ANSWERED || code == TOO_MANY || code >= SERVER;
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}

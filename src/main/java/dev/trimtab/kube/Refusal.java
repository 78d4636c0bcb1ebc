package dev.trimtab.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * What an answer of the API server means. A refusal, by RBAC or by somebody's webhook, stays one until the object changes;
 * a conflict is solved by looking again; what else goes wrong is worth another try.
 */
public final class Refusal {
    private static final int UNPROCESSABLE = 422;
    private static final int TOO_MANY = 429;

    /** It says nothing of this write. */
    private static final Set<Integer> PASSING = Set.of(HttpURLConnection.HTTP_UNAUTHORIZED, TOO_MANY);

    private static final Set<Integer> OVERTAKEN =
            Set.of(HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_CONFLICT);

    private Refusal() {}

    /** Whether it says nothing of what was asked for, and the same may be answered otherwise a moment later. */
    static boolean isPassing(KubernetesClientException problem) {
        int code = problem.getCode();
        return code < HttpURLConnection.HTTP_BAD_REQUEST
                || code >= HttpURLConnection.HTTP_INTERNAL_ERROR
                || PASSING.contains(code);
    }

    /**
     * @param outdated whether the object has changed since it was read: a "test" of a patch that fails is a 422, as the word
     *     of a validator may be
     * @return why it was refused; empty where somebody else was faster
     * @throws KubernetesClientException the problem itself, where it may pass by itself
     */
    public static Optional<String> of(KubernetesClientException problem, BooleanSupplier outdated) {
        int code = problem.getCode();
        if (isPassing(problem)) {
            throw problem;
        }
        if (OVERTAKEN.contains(code) || (code == UNPROCESSABLE && outdated.getAsBoolean())) {
            return Optional.empty();
        }
        boolean said = problem.getStatus() != null && problem.getStatus().getMessage() != null;
        String why = said ? problem.getStatus().getMessage() : problem.getMessage();
        return Optional.of(why.strip().replaceAll("\\s*\\R\\s*", "; "));
    }
}

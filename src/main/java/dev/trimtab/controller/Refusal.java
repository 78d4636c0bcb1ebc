package dev.trimtab.controller;

import static java.net.HttpURLConnection.HTTP_CONFLICT;
import static java.net.HttpURLConnection.HTTP_NOT_FOUND;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Set;

/**
 * A write that the API server, or a webhook that it asked, did not take.
 *
 * @param why in their words, on one line
 */
record Refusal(int code, String why) {
    static final Refusal GONE = new Refusal(HTTP_NOT_FOUND, "not found");

    private static final int UNPROCESSABLE = 422;
    private static final Set<Integer> CODES = Set.of(
            HttpURLConnection.HTTP_BAD_REQUEST,
            HttpURLConnection.HTTP_FORBIDDEN,
            HTTP_NOT_FOUND,
            HTTP_CONFLICT,
            UNPROCESSABLE);

    /** @throws KubernetesClientException the very same, where it is no answer about this write: the server is away, or busy */
    static Refusal of(KubernetesClientException problem) {
        if (!CODES.contains(problem.getCode())) {
            throw problem;
        }
        boolean said = problem.getStatus() != null && problem.getStatus().getMessage() != null;
        String why = said ? problem.getStatus().getMessage() : String.valueOf(problem.getMessage());
        return new Refusal(problem.getCode(), why.strip().replaceAll("\\s*\\R\\s*", "; "));
    }

    /**
     * Whether it can be taken when it is asked for anew.
     *
     * @param changed whether the object was written in between: the failed "test" of a patch is a 422, and so is a flaw in
     *     what it makes of the object
     */
    boolean mayPass(boolean changed) {
        return code == HTTP_CONFLICT || code == HTTP_NOT_FOUND || (code == UNPROCESSABLE && changed);
    }
}

package dev.trimtab.kube;

import static java.net.HttpURLConnection.HTTP_BAD_REQUEST;
import static java.net.HttpURLConnection.HTTP_CONFLICT;
import static java.net.HttpURLConnection.HTTP_FORBIDDEN;
import static java.net.HttpURLConnection.HTTP_GONE;
import static java.net.HttpURLConnection.HTTP_INTERNAL_ERROR;
import static java.net.HttpURLConnection.HTTP_NOT_FOUND;
import static java.net.HttpURLConnection.HTTP_UNAUTHORIZED;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** An error of the API server, or of the way to it, as one line. */
public final class ApiProblem extends Exception {
    private static final long serialVersionUID = 1L;

    /** Lowest code of an answer. Without an answer the client's code is 0 or -1. */
    private static final int ANSWERED = 100;

    private static final int UNPROCESSABLE = 422;
    private static final int TOO_MANY = 429;

    private final int code;

    private ApiProblem(int code, String message) {
        super(message);
        this.code = code;
    }

    public static ApiProblem of(String about, String server, KubernetesClientException problem) {
        int code = problem.getCode();
        if (code < ANSWERED) {
            return new ApiProblem(code, "the cluster at %s cannot be reached: %s".formatted(server, cause(problem)));
        }
        String reason = reason(problem);
        String hint = code == HTTP_UNAUTHORIZED ? " (the cluster does not take these credentials)" : "";
        if (reason.contains("system:anonymous")) {
            hint = " (sent without credentials: the kubeconfig's user has none that work)";
        }
        return new ApiProblem(code, about + ": " + oneLine(reason, " ") + hint);
    }

    /** Whether the object may have changed between reading and writing. A failed "test" of a patch is a 422 too. */
    public boolean mayBeConflict() {
        return code == HTTP_CONFLICT || code == UNPROCESSABLE;
    }

    /** Whether a list must be read again from its start. */
    public boolean isExpired() {
        return code == HTTP_GONE;
    }

    public boolean isForbidden() {
        return code == HTTP_FORBIDDEN;
    }

    /** Whether no answer came. */
    public boolean isUnreachable() {
        return code < ANSWERED;
    }

    public boolean isConflict() {
        return code == HTTP_CONFLICT;
    }

    /** Whether the same request may succeed a moment later. */
    public boolean isPassing() {
        return code < ANSWERED || code == TOO_MANY || code >= HTTP_INTERNAL_ERROR;
    }

    /** Whether the controller may succeed later. 401 counts: the kubelet renews an expired token. */
    static boolean isPassing(KubernetesClientException problem) {
        int code = problem.getCode();
        return code < HTTP_BAD_REQUEST || code >= HTTP_INTERNAL_ERROR || code == HTTP_UNAUTHORIZED || code == TOO_MANY;
    }

    /**
     * Why the cluster (RBAC, a webhook, validation) refused a write. A refusal lasts until the object changes.
     *
     * @param outdated whether the object has changed since it was read; asked for a 422, which may be a failed "test"
     * @return empty for a conflict or a missing object, which the next reconcile solves
     * @throws KubernetesClientException the problem itself, if it may pass
     */
    public static Optional<String> refusal(KubernetesClientException problem, BooleanSupplier outdated) {
        int code = problem.getCode();
        if (isPassing(problem)) {
            throw problem;
        }
        boolean conflict =
                code == HTTP_NOT_FOUND || code == HTTP_CONFLICT || (code == UNPROCESSABLE && outdated.getAsBoolean());
        return conflict ? Optional.empty() : Optional.of(oneLine(reason(problem), "; "));
    }

    /** Message of the API server or of the innermost cause: the client's own message is "An error has occurred." */
    public static String cause(Throwable problem) {
        if (problem instanceof KubernetesClientException answer
                && answer.getStatus() != null
                && answer.getStatus().getMessage() != null) {
            return oneLine(answer.getStatus().getMessage(), " ");
        }
        Throwable cause = problem;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        if (message == null || message.isBlank()) {
            return cause.getClass().getSimpleName();
        }
        // The JDK's message for a missing file is only its name.
        return cause instanceof NoSuchFileException ? message + ": no such file" : oneLine(message, " ");
    }

    private static String reason(KubernetesClientException problem) {
        return problem.getStatus() != null && problem.getStatus().getMessage() != null
                ? problem.getStatus().getMessage()
                : String.valueOf(problem.getMessage());
    }

    private static String oneLine(String text, String separator) {
        return text.strip().replaceAll("\\s*\\R\\s*", separator);
    }
}

package dev.trimtab.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.NoSuchFileException;

/** Why the cluster could not be asked, in one line: the client's own words are "An error has occurred." */
public final class Cause {
    private Cause() {}

    /** What the API server has answered, or else what is at the bottom of it. */
    public static String of(Throwable problem) {
        if (problem instanceof KubernetesClientException answer
                && answer.getStatus() != null
                && answer.getStatus().getMessage() != null) {
            return oneLine(answer.getStatus().getMessage());
        }
        Throwable cause = problem;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        String name = cause.getClass().getSimpleName();
        if (message == null || message.isBlank()) {
            return name;
        }
        // Of a missing file the JDK has nothing but the name.
        boolean bare = cause instanceof NoSuchFileException;
        return bare ? message + ": no such file" : oneLine(message);
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}

package dev.trimtab.knative;

/**
 * A ConfigMap of Knative's that Knative itself would refuse as a whole; the message is Knative's. Whoever holds the last
 * good configuration keeps it, as Knative does.
 */
public final class ConfigMapProblem extends Exception {
    ConfigMapProblem(String message) {
        super(message);
    }

    ConfigMapProblem(String message, Throwable cause) {
        super(message, cause);
    }
}

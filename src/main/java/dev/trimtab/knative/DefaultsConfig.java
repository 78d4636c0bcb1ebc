package dev.trimtab.knative;

import java.util.Map;
import java.util.Optional;

/**
 * What Knative's ConfigMap {@code config-defaults} fills into a Service that leaves it open, and how far a Service may
 * go; read and checked as pkg/apis/config/defaults.go does (Knative 1.23).
 *
 * @param timeouts of requests, in seconds
 * @param concurrency of requests per container
 * @param requests resources a container asks for where it says nothing
 * @param limits resources a container is held to where it says nothing
 * @param enableServiceLinks whether a new Service's pods get environment variables for each Kubernetes Service; empty
 *     leaves it to Kubernetes
 * @param containerNameTemplate name of a container without one, a Go template on the Service's metadata
 * @param initContainerNameTemplate the same of an init container
 */
public record DefaultsConfig(
        Timeouts timeouts,
        Concurrency concurrency,
        Resources requests,
        Resources limits,
        Optional<Boolean> enableServiceLinks,
        String containerNameTemplate,
        String initContainerNameTemplate) {
    /** What Knative runs with after a fresh install. */
    public static final DefaultsConfig DEFAULTS = new DefaultsConfig(
            new Timeouts(300, 600, 300, 0),
            new Concurrency(0, 1000, true),
            Resources.NONE,
            Resources.NONE,
            Optional.of(false),
            "user-container",
            "init-container");

    /**
     * Seconds.
     *
     * @param revision a request in all, where the Service says nothing or 0; at most max
     * @param max the most a Service may say
     * @param responseStart to the first byte of the answer; 0 is off; at most revision
     * @param idle without a byte of the answer; 0 is off; at most revision
     */
    public record Timeouts(long revision, long max, long responseStart, long idle) {}

    /**
     * @param revision containerConcurrency where the Service says nothing; 0 is unlimited
     * @param maxLimit the most a Service may say, at least 1
     * @param allowZero whether a Service may say 0
     */
    public record Concurrency(long revision, long maxLimit, boolean allowZero) {}

    /** Kubernetes quantities as they are written in the ConfigMap. */
    public record Resources(Optional<String> cpu, Optional<String> memory, Optional<String> ephemeralStorage) {
        static final Resources NONE = new Resources(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Reads the ConfigMap's data, all or nothing. Of the Go templates only unclosed actions are noticed.
     *
     * @throws ConfigMapProblem with Knative's own message, where Knative would refuse the ConfigMap
     */
    public static DefaultsConfig parse(Map<String, String> data) throws ConfigMapProblem {
        return DefaultsConfigMap.read(data);
    }

    /** Seconds a request may take in all, where the Service says nothing. */
    public long revisionTimeoutSeconds() {
        return timeouts.revision;
    }

    /** The most seconds a Service may allow a request. */
    public long maxRevisionTimeoutSeconds() {
        return timeouts.max;
    }

    /** Seconds to the first byte of the answer, where the Service says nothing; 0 is off. */
    public long revisionResponseStartTimeoutSeconds() {
        return timeouts.responseStart;
    }

    /** Seconds without a byte of the answer, where the Service says nothing; 0 is off. */
    public long revisionIdleTimeoutSeconds() {
        return timeouts.idle;
    }

    /** Requests at a time per container, where the Service says nothing; 0 is unlimited. */
    public long containerConcurrency() {
        return concurrency.revision;
    }

    /** The most requests at a time that a Service may say. */
    public long containerConcurrencyMaxLimit() {
        return concurrency.maxLimit;
    }

    /** Whether a Service may leave its concurrency unlimited by saying 0. */
    public boolean allowContainerConcurrencyZero() {
        return concurrency.allowZero;
    }
}

package dev.trimtab.knative.config;

import java.util.Map;
import java.util.Optional;

/**
 * Knative's ConfigMap {@code config-defaults}: defaults and limits of a Service. Read and checked as
 * pkg/apis/config/defaults.go does (Knative 1.23). Timeouts are in seconds.
 *
 * @param revisionTimeoutSeconds for a whole request; also replaces 0
 * @param revisionResponseStartTimeoutSeconds to the first byte; 0 means off
 * @param revisionIdleTimeoutSeconds between two bytes; 0 means off
 * @param containerConcurrency 0 means unlimited
 * @param containerConcurrencyMaxLimit at least 1; may exceed 32 bits
 * @param containerNameTemplate a Go template on the Service's metadata
 */
public record DefaultsConfig(
        long revisionTimeoutSeconds,
        long maxRevisionTimeoutSeconds,
        long revisionResponseStartTimeoutSeconds,
        long revisionIdleTimeoutSeconds,
        long containerConcurrency,
        long containerConcurrencyMaxLimit,
        boolean allowContainerConcurrencyZero,
        Resources requests,
        Resources limits,
        String containerNameTemplate,
        String initContainerNameTemplate) {
    public static final DefaultsConfig DEFAULTS = new DefaultsConfig(
            300, 600, 300, 0, 0, 1000, true, Resources.NONE, Resources.NONE, "user-container", "init-container");

    /** Quantities as they are written in the ConfigMap. */
    public record Resources(Optional<String> cpu, Optional<String> memory, Optional<String> ephemeralStorage) {
        static final Resources NONE = new Resources(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Go templates are checked for unclosed actions only.
     *
     * @throws ConfigMapProblem if Knative would refuse the ConfigMap
     */
    public static DefaultsConfig parse(Map<String, String> data) throws ConfigMapProblem {
        ConfigMapReader reader = new ConfigMapReader(data);
        return reader.checked(read(reader));
    }

    static DefaultsConfig read(ConfigMapReader reader) {
        long timeout = reader.int64("revision-timeout-seconds", 300);
        long max = reader.int64("max-revision-timeout-seconds", 600);
        reader.refuseIf(
                timeout > max,
                "revision-timeout-seconds",
                "must be at most max-revision-timeout-seconds " + max,
                "max-revision-timeout-seconds");
        // Defaults to the timeout of the whole request.
        long responseStart = reader.int64("revision-response-start-timeout-seconds", timeout);
        long idle = reader.int64("revision-idle-timeout-seconds", 0);
        checkPart(reader, "revision-response-start-timeout-seconds", responseStart, timeout);
        checkPart(reader, "revision-idle-timeout-seconds", idle, timeout);
        long limit = reader.int64("container-concurrency-max-limit", 1000);
        reader.refuseIf(limit < 1, "container-concurrency-max-limit", "must be at least 1");
        long concurrency = reader.int64("container-concurrency", 0);
        reader.refuseIf(
                concurrency < 0 || concurrency > limit,
                "container-concurrency",
                "must be from 0 to container-concurrency-max-limit " + limit,
                "container-concurrency-max-limit");
        return new DefaultsConfig(
                timeout,
                max,
                responseStart,
                idle,
                concurrency,
                limit,
                reader.bool("allow-container-concurrency-zero", true),
                resources(reader, "request"),
                resources(reader, "limit"),
                template(reader, "container-name-template", DEFAULTS.containerNameTemplate),
                template(reader, "init-container-name-template", DEFAULTS.initContainerNameTemplate));
    }

    private static void checkPart(ConfigMapReader reader, String key, long part, long whole) {
        reader.refuseIf(
                part > 0 && part > whole,
                key,
                "must be at most revision-timeout-seconds " + whole,
                "revision-timeout-seconds");
    }

    private static Resources resources(ConfigMapReader reader, String kind) {
        return new Resources(
                reader.quantity("revision-cpu-" + kind),
                reader.quantity("revision-memory-" + kind),
                reader.quantity("revision-ephemeral-storage-" + kind));
    }

    private static String template(ConfigMapReader reader, String key, String otherwise) {
        String template = reader.raw(key).orElse(otherwise);
        reader.refuseIf(template.lastIndexOf("{{") > template.lastIndexOf("}}"), key, "must close each {{ with }}");
        return template;
    }
}

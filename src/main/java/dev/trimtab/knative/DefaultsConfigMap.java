package dev.trimtab.knative;

import dev.trimtab.knative.DefaultsConfig.Concurrency;
import dev.trimtab.knative.DefaultsConfig.Resources;
import dev.trimtab.knative.DefaultsConfig.Timeouts;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads and checks {@code config-defaults} in the order of pkg/apis/config/defaults.go. */
final class DefaultsConfigMap {
    private DefaultsConfigMap() {}

    static DefaultsConfig read(Map<String, String> data) throws ConfigMapProblem {
        DefaultsConfig defaults = DefaultsConfig.DEFAULTS;
        ConfigMapReader reader = new ConfigMapReader(data, "");
        String initContainerName =
                template(reader, "init-container-name-template", defaults.initContainerNameTemplate());
        String containerName = template(reader, "container-name-template", defaults.containerNameTemplate());
        boolean zeroConcurrency =
                reader.bool("allow-container-concurrency-zero", defaults.allowContainerConcurrencyZero());
        long timeout = reader.int64("revision-timeout-seconds", defaults.revisionTimeoutSeconds());
        long max = reader.int64("max-revision-timeout-seconds", defaults.maxRevisionTimeoutSeconds());
        long idle = reader.int64("revision-idle-timeout-seconds", defaults.revisionIdleTimeoutSeconds());
        Concurrency concurrency = new Concurrency(
                reader.int64("container-concurrency", defaults.containerConcurrency()),
                reader.int64("container-concurrency-max-limit", defaults.containerConcurrencyMaxLimit()),
                zeroConcurrency);
        Resources requests = resources(reader, "request");
        Resources limits = resources(reader, "limit");
        // The default of this one is what the cluster says for the whole request.
        long responseStart = reader.int64("revision-response-start-timeout-seconds", timeout);
        Timeouts timeouts = new Timeouts(timeout, max, responseStart, idle);
        check(timeouts);
        check(concurrency);
        return new DefaultsConfig(
                timeouts, concurrency, requests, limits, serviceLinks(reader), containerName, initContainerName);
    }

    private static Resources resources(ConfigMapReader reader, String kind) throws ConfigMapProblem {
        return new Resources(
                reader.quantity("revision-cpu-" + kind),
                reader.quantity("revision-memory-" + kind),
                reader.quantity("revision-ephemeral-storage-" + kind));
    }

    /** true, false, and anything else ("default") for: leave it to Kubernetes. */
    private static Optional<Boolean> serviceLinks(ConfigMapReader reader) {
        Optional<String> raw = reader.raw("enable-service-links");
        if (raw.isEmpty()) {
            return DefaultsConfig.DEFAULTS.enableServiceLinks();
        }
        return switch (raw.get().toLowerCase(Locale.ROOT)) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    private static String template(ConfigMapReader reader, String key, String otherwise) throws ConfigMapProblem {
        String template = reader.raw(key).orElse(otherwise);
        if (template.lastIndexOf("{{") > template.lastIndexOf("}}")) {
            throw new ConfigMapProblem("template: container-template:1: unclosed action", key);
        }
        return template;
    }

    private static void check(Timeouts timeouts) throws ConfigMapProblem {
        if (timeouts.revision() > timeouts.max()) {
            throw greater("revision", timeouts.revision(), "max-revision", timeouts.max());
        }
        if (timeouts.responseStart() > 0 && timeouts.responseStart() > timeouts.revision()) {
            throw greater("revision-response-start", timeouts.responseStart(), "revision", timeouts.revision());
        }
        if (timeouts.idle() > 0 && timeouts.idle() > timeouts.revision()) {
            throw greater("revision-idle", timeouts.idle(), "revision", timeouts.revision());
        }
    }

    private static ConfigMapProblem greater(String key, long value, String bound, long most) {
        return new ConfigMapProblem(
                key + "-timeout-seconds (" + value + ") cannot be greater than " + bound + "-timeout-seconds (" + most
                        + ")",
                key + "-timeout-seconds",
                bound + "-timeout-seconds");
    }

    private static void check(Concurrency concurrency) throws ConfigMapProblem {
        long limit = concurrency.maxLimit();
        if (limit < 1) {
            throw new ConfigMapProblem(
                    FieldProblem.outOfBounds(limit, 1, Integer.MAX_VALUE, "container-concurrency-max-limit")
                            .text(),
                    "container-concurrency-max-limit");
        }
        if (concurrency.revision() < 0 || concurrency.revision() > limit) {
            throw new ConfigMapProblem(
                    FieldProblem.outOfBounds(concurrency.revision(), 0, limit, "container-concurrency")
                            .text(),
                    "container-concurrency",
                    "container-concurrency-max-limit");
        }
    }
}

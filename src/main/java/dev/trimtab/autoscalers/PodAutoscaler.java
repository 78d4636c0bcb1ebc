package dev.trimtab.autoscalers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.manifest.Annotations;
import dev.trimtab.manifest.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A PodAutoscaler of AIBrix ({@code autoscaling.aibrix.ai/v1alpha1}), for reading. A field of another type counts as
 * absent: the API server refuses it.
 *
 * @param namespace where it goes, even if the document does not say so
 */
public record PodAutoscaler(ObjectNode root, String namespace) {
    /** In seconds, the default of podautoscaler_types.go. */
    static final int DEFAULT_OBSERVE_WINDOW = 180;

    private static final Map<String, String> API_VERSIONS = Map.of(
            "Deployment", "apps/v1",
            "StatefulSet", "apps/v1",
            "ReplicaSet", "apps/v1",
            "StormService", "orchestration.aibrix.ai/v1alpha1");

    /**
     * The only possible {@code apiVersion} of a kind. AIBrix does not find a resource without one
     * (podautoscaler_controller.go 1040-1052).
     */
    static Optional<String> apiVersionOf(String kind) {
        return Optional.ofNullable(API_VERSIONS.get(kind));
    }

    public String name() {
        return new Manifest(root).name();
    }

    JsonNode spec() {
        return root.path("spec");
    }

    /** Whether it is the same object, whatever its content. */
    boolean isSame(PodAutoscaler other) {
        return namespace.equals(other.namespace) && name().equals(other.name());
    }

    boolean isBeingDeleted() {
        return new Manifest(root).isBeingDeleted();
    }

    JsonNode reference() {
        return spec().path("scaleTargetRef");
    }

    /** Empty without kind or name: AIBrix refuses that. */
    public Optional<Target> target() {
        String name = text(reference(), "name");
        String kind = text(reference(), "kind");
        if (name.isEmpty() || kind.isEmpty()) {
            return Optional.empty();
        }
        String written = text(reference(), "apiVersion");
        String apiVersion = written.isEmpty() ? apiVersionOf(kind).orElse("") : written;
        String other = text(reference(), "namespace");
        return Optional.of(Target.of(other.isEmpty() ? namespace : other, apiVersion, kind, name));
    }

    /** Empty for the whole target. */
    public String role() {
        return text(spec().path("subTargetSelector"), "roleName");
    }

    String strategy() {
        return text(spec(), "scalingStrategy");
    }

    /** 1 by default (schedules.go 50-58). */
    int minReplicas() {
        return number("minReplicas").orElse(1);
    }

    OptionalInt number(String field) {
        JsonNode value = spec().path(field);
        return value.isIntegralNumber() && value.canConvertToInt()
                ? OptionalInt.of(value.intValue())
                : OptionalInt.empty();
    }

    Annotations annotations() {
        return new Manifest(root).annotations();
    }

    Map<String, String> labels() {
        return new Manifest(root).labels();
    }

    List<MetricSource> sources() {
        List<MetricSource> sources = new ArrayList<>();
        for (JsonNode source : spec().path("metricsSources")) {
            sources.add(new MetricSource(
                    sources.size(),
                    text(source, "metricSourceType"),
                    text(source, "endpoint"),
                    text(source, "path"),
                    text(source, "targetMetric"),
                    GoParsing.float64(text(source, "targetValue"))));
        }
        return sources;
    }

    private static String text(JsonNode parent, String field) {
        JsonNode value = parent.path(field);
        return value.isTextual() ? value.textValue() : "";
    }

    @Override
    public String toString() {
        return "PodAutoscaler " + namespace + "/" + name();
    }

    /**
     * What is scaled. Group and kind, not the version: {@code apps/v1} and another spelling are one object.
     *
     * @param namespace where it is written to: AIBrix takes the reference's own where there is one (workload_scale.go 192-214)
     */
    public record Target(String namespace, String group, String kind, String name) {
        static Target of(String namespace, String apiVersion, String kind, String name) {
            int slash = apiVersion.indexOf('/');
            return new Target(namespace, slash < 0 ? "" : apiVersion.substring(0, slash), kind, name);
        }

        public boolean isDeployment() {
            return group.equals("apps") && kind.equals("Deployment");
        }

        @Override
        public String toString() {
            return kind + " " + namespace + "/" + name;
        }
    }

    /**
     * One entry of {@code spec.metricsSources}.
     *
     * @param value empty if it is not a number
     */
    record MetricSource(int index, String type, String endpoint, String path, String metric, OptionalDouble value) {
        /** A share from 0 to 1, by AIBrix's names. */
        boolean isRatio() {
            return metric.endsWith("_perc") || metric.endsWith("_ratio") || metric.equals("engine_utilization");
        }

        /** Read from AIBrix's GPU optimizer or another service by HTTP: fetchFromGPUOptimizer, fetcher.go 268-289. */
        boolean isRemote() {
            return type.equals("domain") || (type.equals("external") && !endpoint.isEmpty());
        }

        /** Read from the cluster's own external metrics (fetcher.go 301-316). */
        boolean isExternalMetric() {
            return type.equals("external") && endpoint.isEmpty();
        }

        String field(String name) {
            return "/spec/metricsSources/" + index + "/" + name;
        }
    }
}

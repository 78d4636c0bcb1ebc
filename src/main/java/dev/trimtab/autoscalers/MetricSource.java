package dev.trimtab.autoscalers;

import java.util.OptionalDouble;

/**
 * One entry of {@code spec.metricsSources}.
 *
 * @param index from 0
 * @param value as a number; empty where it is none
 */
record MetricSource(int index, String type, String endpoint, String path, String metric, OptionalDouble value) {
    /** Shares of something, from 0 to 1: AIBrix's names end so. */
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
        return "spec.metricsSources[" + index + "]." + name;
    }
}

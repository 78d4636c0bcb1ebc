package dev.trimtab.autoscalers;

import dev.trimtab.autoscalers.PodAutoscaler.MetricSource;
import dev.trimtab.autoscalers.Problem.Fault;
import dev.trimtab.policy.ClosestWord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

final class MetricChecks {
    /** The names that AIBrix knows (pkg/metrics/metrics.go at 0396c806, 2026), in its own order. */
    private static final List<String> KNOWN = List.of("""
            num_requests_running num_requests_waiting engine_sleep_state http_requests_total
            num_preemptions_total request_success_total e2e_request_latency_seconds request_queue_time_seconds
            request_inference_time_seconds http_request_duration_seconds http_request_duration_highr_seconds
            time_to_first_token_seconds request_prefill_time_seconds prompt_tokens_total request_prompt_tokens
            time_per_output_token_seconds inter_token_latency_seconds request_time_per_output_token_seconds
            request_decode_time_seconds generation_tokens_total iteration_tokens_total request_generation_tokens
            request_max_num_generation_tokens kv_cache_usage_perc nixl_num_failed_transfers_total
            nixl_num_failed_notifications_total prefix_cache_hits_total prefix_cache_queries_total
            external_prefix_cache_hits_total external_prefix_cache_queries_total nixl_xfer_time_seconds
            nixl_post_time_seconds nixl_bytes_transferred nixl_num_descriptors p95_ttft_5m p95_ttft_5m_pod
            avg_ttft_5m_pod p95_tpot_5m_pod avg_tpot_pod_5m avg_prompt_toks_per_req avg_generation_toks_per_req
            gpu_cache_usage_perc gpu_busy_time_ratio cpu_cache_usage_perc engine_utilization avg_e2e_latency_pod
            avg_requests_per_min_pod avg_prompt_throughput_toks_per_min_pod
            avg_generation_throughput_toks_per_min_pod max_lora waiting_lora_adapters running_lora_adapters
            vtc_bucket_size_active realtime_num_requests_running realtime_normalized_pendings
            num_requests_swapped avg_prompt_throughput_toks_per_s avg_generation_throughput_toks_per_s
            """.strip().split("\\s+", -1));

    private MetricChecks() {}

    /**
     * Two sources of one PodAutoscaler name the same {@code targetMetric}. AIBrix keys windows and targets by that
     * name alone (types/core.go 28-40): the last target value counts for both, and their values are mixed.
     *
     * <p>Keep one of them, or two PodAutoscalers with a target each.
     */
    static List<Fault> repeatedMetric(CheckInput input) {
        List<Fault> faults = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (MetricSource source : input.autoscaler().sources()) {
            if (!source.metric().isEmpty() && !seen.add(source.metric())) {
                faults.add(new Fault(
                        source.field("targetMetric"),
                        source.metric(),
                        "%s is there already: AIBrix mixes both and heeds the last targetValue; keep one"
                                .formatted(source.metric())));
            }
        }
        return faults;
    }

    /**
     * Two PodAutoscalers ask one endpoint for the same metric under different paths. AIBrix 0.5 to 0.7 takes {@code
     * path} and ignores it: both read {@code /metrics} (fetcher.go 268-289) and come out with the same number of
     * replicas, which is how aibrix#436 looked.
     *
     * <p>Give each its own {@code targetMetric}, or its own endpoint.
     */
    static List<Fault> ignoredPath(CheckInput input) {
        PodAutoscaler one = input.autoscaler();
        return input.shared((source, other, its) -> isSameButPath(source, one, its, other)).stream()
                .map(it -> new Fault(
                        it.source().field("path"),
                        String.join(
                                " ",
                                it.source().endpoint(),
                                it.source().metric(),
                                it.source().path()),
                        "AIBrix 0.5 to 0.7 ignores it: %s reads the same %s there, both get the same replicas; name another metric or endpoint"
                                .formatted(it.other(), it.source().metric())))
                .toList();
    }

    /** The short name of a Service means another Service in each namespace. */
    private static boolean isSameButPath(
            MetricSource source, PodAutoscaler one, MetricSource other, PodAutoscaler its) {
        boolean qualified = source.endpoint().contains(".");
        return source.isRemote()
                && other.isRemote()
                && source.endpoint().equals(other.endpoint())
                && source.metric().equals(other.metric())
                && !source.path().equals(other.path())
                && (qualified || one.namespace().equals(its.namespace()));
    }

    /**
     * Two PodAutoscalers of one namespace name the same metric of the cluster's external metrics. AIBrix reads it by
     * namespace and name, and adds all series up (fetcher.go 301-316): both get the sum.
     *
     * <p>Let the adapter expose one name for each.
     */
    static List<Fault> sharedExternalMetric(CheckInput input) {
        PodAutoscaler one = input.autoscaler();
        return input
                .shared((source, other, its) -> source.isExternalMetric()
                        && its.isExternalMetric()
                        && source.metric().equals(its.metric())
                        && one.namespace().equals(other.namespace()))
                .stream()
                .map(it -> new Fault(
                        it.source().field("targetMetric"),
                        it.source().metric(),
                        "%s is read by %s too: AIBrix gives both the sum of all its series; expose one name for each"
                                .formatted(it.source().metric(), it.other())))
                .toList();
    }

    /**
     * AIBrix reads metrics of pods and endpoints by names of its own (pkg/metrics/metrics.go). A name that it does not
     * know counts as 0, and a PodAutoscaler with it goes down to its minimum (fetcher.go 99-104, mended after 0.7 by
     * aibrix#2592).
     *
     * <p>Take a name from its list, such as {@code num_requests_waiting}; one that your build adds goes into {@code
     * aibrix.metrics} of the policy.
     */
    static List<Fault> unknownMetric(CheckInput input) {
        List<Fault> faults = new ArrayList<>();
        for (MetricSource source : input.autoscaler().sources()) {
            boolean byName = source.type().equals("pod") || source.isRemote();
            if (byName
                    && !source.metric().isEmpty()
                    && !KNOWN.contains(source.metric())
                    && !input.policy().metrics().contains(source.metric())) {
                faults.add(new Fault(
                        source.field("targetMetric"),
                        source.metric(),
                        "AIBrix does not know %s and may count it as 0, which means the minimum%s"
                                .formatted(source.metric(), hint(source.metric()))));
            }
        }
        return faults;
    }

    /**
     * The metric is a ratio from 0 to 1, and the target is above 1: it is never reached, and nothing is scaled up.
     * (AIBrix's own sample hpa.yaml has "50" for {@code gpu_cache_usage_perc}.)
     *
     * <p>Write the share: 50 percent is {@code "0.5"}.
     */
    static List<Fault> ratioTarget(CheckInput input) {
        return input.autoscaler().sources().stream()
                .filter(it -> it.isRatio() && it.value().orElse(0) > 1)
                .map(it -> new Fault(
                        it.field("targetValue"),
                        it.metric() + "=" + it.value().getAsDouble(),
                        "%s is a ratio from 0 to 1 and never gets there: for 50 percent write \"0.5\""
                                .formatted(it.metric())))
                .toList();
    }

    /**
     * With the HPA strategy a target below 1 becomes 0 (hpa_resources.go 115 cuts the fraction off), and Kubernetes
     * takes no target of 0. (cpu and memory are percentages there.)
     *
     * <p>Take KPA or APA for such a metric.
     */
    static List<Fault> fractionOfHpa(CheckInput input) {
        if (!input.autoscaler().strategy().equals("HPA")) {
            return List.of();
        }
        return input.autoscaler().sources().stream()
                .filter(it -> !it.metric().equals("cpu") && !it.metric().equals("memory"))
                .filter(it -> it.value().orElse(1) > 0 && it.value().orElse(1) < 1)
                .map(it -> new Fault(
                        it.field("targetValue"),
                        it.metric() + "=" + it.value().getAsDouble(),
                        "the HPA strategy cuts it to 0, which Kubernetes does not take: take KPA or APA"))
                .toList();
    }

    /**
     * With the KPA strategy AIBrix averages a metric of pods and divides it by the target without multiplying by the
     * number of pods (kpa.go 127): for a ratio that is at most one by the target, whatever the load.
     *
     * <p>Take APA for ratios.
     */
    static List<Fault> averagedRatio(CheckInput input) {
        if (!input.autoscaler().strategy().equals("KPA")) {
            return List.of();
        }
        return input.autoscaler().sources().stream()
                .filter(it -> it.type().equals("pod") && it.isRatio())
                .map(it -> new Fault(
                        it.field("targetMetric"),
                        it.metric(),
                        "KPA never asks for more than 1/targetValue pods of the ratio %s: take scalingStrategy APA"
                                .formatted(it.metric())))
                .toList();
    }

    private static String hint(String metric) {
        return ClosestWord.to(metric, KNOWN)
                .map(near -> ": did you mean " + near + "?")
                .orElse(": take one that it knows, such as num_requests_waiting");
    }
}

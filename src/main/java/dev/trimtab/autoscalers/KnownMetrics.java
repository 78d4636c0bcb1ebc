package dev.trimtab.autoscalers;

import dev.trimtab.policy.ClosestWord;
import java.util.List;

/** The names that AIBrix knows (pkg/metrics/metrics.go at 0396c806, 2026), in its own order. */
final class KnownMetrics {
    static final List<String> NAMES = List.of(
            "num_requests_running",
            "num_requests_waiting",
            "engine_sleep_state",
            "http_requests_total",
            "num_preemptions_total",
            "request_success_total",
            "e2e_request_latency_seconds",
            "request_queue_time_seconds",
            "request_inference_time_seconds",
            "http_request_duration_seconds",
            "http_request_duration_highr_seconds",
            "time_to_first_token_seconds",
            "request_prefill_time_seconds",
            "prompt_tokens_total",
            "request_prompt_tokens",
            "time_per_output_token_seconds",
            "inter_token_latency_seconds",
            "request_time_per_output_token_seconds",
            "request_decode_time_seconds",
            "generation_tokens_total",
            "iteration_tokens_total",
            "request_generation_tokens",
            "request_max_num_generation_tokens",
            "kv_cache_usage_perc",
            "nixl_num_failed_transfers_total",
            "nixl_num_failed_notifications_total",
            "prefix_cache_hits_total",
            "prefix_cache_queries_total",
            "external_prefix_cache_hits_total",
            "external_prefix_cache_queries_total",
            "nixl_xfer_time_seconds",
            "nixl_post_time_seconds",
            "nixl_bytes_transferred",
            "nixl_num_descriptors",
            "p95_ttft_5m",
            "p95_ttft_5m_pod",
            "avg_ttft_5m_pod",
            "p95_tpot_5m_pod",
            "avg_tpot_pod_5m",
            "avg_prompt_toks_per_req",
            "avg_generation_toks_per_req",
            "gpu_cache_usage_perc",
            "gpu_busy_time_ratio",
            "cpu_cache_usage_perc",
            "engine_utilization",
            "avg_e2e_latency_pod",
            "avg_requests_per_min_pod",
            "avg_prompt_throughput_toks_per_min_pod",
            "avg_generation_throughput_toks_per_min_pod",
            "max_lora",
            "waiting_lora_adapters",
            "running_lora_adapters",
            "vtc_bucket_size_active",
            "realtime_num_requests_running",
            "realtime_normalized_pendings",
            "num_requests_swapped",
            "avg_prompt_throughput_toks_per_s",
            "avg_generation_throughput_toks_per_s");

    private KnownMetrics() {}

    static String hint(String metric) {
        return ClosestWord.to(metric, NAMES)
                .map(near -> ": did you mean " + near + "?")
                .orElse(": take one that it knows, such as num_requests_waiting");
    }
}

package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.gpu.GpuCount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The pods of a service that are not over yet. None left, and it is released. */
public record HeldPods(List<HeldPod> pods) {
    public HeldPods {
        pods = List.copyOf(pods);
    }

    /** @param pods raw pods, over or not */
    public static HeldPods of(Iterable<JsonNode> pods) {
        List<HeldPod> held = new ArrayList<>();
        for (JsonNode pod : pods) {
            if (!HeldPod.isOver(pod)) {
                held.add(HeldPod.of(pod));
            }
        }
        return new HeldPods(held);
    }

    public boolean isEmpty() {
        return pods.isEmpty();
    }

    public GpuCount gpus() {
        return pods.stream().map(HeldPod::gpus).reduce(GpuCount.NONE, GpuCount::plus);
    }

    /** Such as {@code 2 pods with 8 nvidia.com/gpu}. */
    @Override
    public String toString() {
        return (pods.size() == 1 ? "1 pod" : pods.size() + " pods") + " with " + gpus();
    }

    /**
     * A pod that is not over yet.
     *
     * @param node empty where it has none yet, so holds nothing
     * @param terminating whether it is on its way out; its node keeps all it has until it is gone
     * @param since when it was asked to end, or else when it began
     * @param gpus what it holds on its node
     */
    public record HeldPod(
            String namespace, String name, String node, boolean terminating, Optional<Instant> since, GpuCount gpus) {
        static HeldPod of(JsonNode pod) {
            String node = pod.at("/spec/nodeName").asText("");
            Optional<Instant> deadline = Times.read(pod.at("/metadata/deletionTimestamp"));
            // The API server writes down when its grace is over, not when it began.
            Optional<Instant> since = deadline.isPresent()
                    ? deadline.map(it -> it.minusSeconds(
                            pod.at("/metadata/deletionGracePeriodSeconds").asLong()))
                    : Times.read(pod.at("/status/startTime"))
                            .or(() -> Times.read(pod.at("/metadata/creationTimestamp")));
            return new HeldPod(
                    pod.at("/metadata/namespace").asText(""),
                    pod.at("/metadata/name").asText(""),
                    node,
                    deadline.isPresent(),
                    since,
                    node.isEmpty() ? GpuCount.NONE : GpuCount.ofPod(pod));
        }

        /** Whether its containers have ended, all of them and for good. */
        public static boolean isOver(JsonNode pod) {
            String phase = pod.at("/status/phase").asText("");
            return phase.equals("Succeeded") || phase.equals("Failed");
        }
    }
}

package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.gpu.GpuCount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The pods of a service that have not ended. */
public record HeldPods(List<HeldPod> pods) {
    public HeldPods {
        pods = List.copyOf(pods);
    }

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

    @Override
    public String toString() {
        return (pods.size() == 1 ? "1 pod" : pods.size() + " pods") + " with " + gpus();
    }

    /**
     * @param node empty if the pod is not scheduled; then it holds no GPUs
     * @param terminating whether the pod is being deleted; it keeps its GPUs until it is gone
     * @param since when the deletion was requested, else when the pod started or was created
     */
    public record HeldPod(
            String namespace, String name, String node, boolean terminating, Optional<Instant> since, GpuCount gpus) {
        static HeldPod of(JsonNode pod) {
            String node = pod.at("/spec/nodeName").asText("");
            Optional<Instant> deadline = Times.read(pod.at("/metadata/deletionTimestamp"));
            // deletionTimestamp is the end of the grace period, not its start.
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

        /** Whether all containers have ended and will not be restarted. */
        public static boolean isOver(JsonNode pod) {
            String phase = pod.at("/status/phase").asText("");
            return phase.equals("Succeeded") || phase.equals("Failed");
        }
    }
}

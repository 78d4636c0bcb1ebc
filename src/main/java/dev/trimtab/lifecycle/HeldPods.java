package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.gpu.GpuCount;
import java.util.ArrayList;
import java.util.List;

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
}

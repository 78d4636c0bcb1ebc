package dev.trimtab.drift;

import dev.trimtab.gpu.GpuRoom;
import java.util.ArrayList;
import java.util.List;

/**
 * The order of refreshes, so that those in flight never start more GPUs together than allowed.
 *
 * @param waves one after the other
 * @param tooLarge groups that start too many GPUs even alone
 */
public record Waves(List<List<RefreshGroup>> waves, List<RefreshGroup> tooLarge) {
    /** Most refreshes at once. Even those without GPUs are pods to schedule and to watch. */
    public static final int AT_ONCE = 10;

    public Waves {
        waves = List.copyOf(waves);
        tooLarge = List.copyOf(tooLarge);
    }

    /** Keeps the order of namespaces and names as far as there is room. */
    public static Waves plan(List<RefreshGroup> rolls, long maxGpus) {
        List<RefreshGroup> left = new ArrayList<>(rolls.stream().sorted().toList());
        List<RefreshGroup> tooLarge =
                left.stream().filter(it -> it.gpuCount() > maxGpus).toList();
        left.removeAll(tooLarge);
        List<List<RefreshGroup>> waves = new ArrayList<>();
        while (!left.isEmpty()) {
            List<RefreshGroup> wave = GpuRoom.next(left, RefreshGroup::gpuCount, maxGpus, AT_ONCE);
            left.removeAll(wave);
            waves.add(wave);
        }
        return new Waves(waves, tooLarge);
    }
}

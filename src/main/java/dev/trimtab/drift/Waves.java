package dev.trimtab.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

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
            List<RefreshGroup> wave = next(left, RefreshGroup::gpuCount, maxGpus, AT_ONCE);
            left.removeAll(wave);
            waves.add(wave);
        }
        return new Waves(waves, tooLarge);
    }

    /**
     * Returns those that may start now, in their order. A later one may pass an earlier one that has no room.
     *
     * @param gpus how many GPUs each one starts
     * @param room how many more GPUs may start
     * @param slots how many of them may start
     */
    public static <T> List<T> next(List<T> waiting, ToLongFunction<T> gpus, long room, int slots) {
        List<T> next = new ArrayList<>();
        long started = 0;
        for (T it : waiting) {
            long asked = gpus.applyAsLong(it);
            if (next.size() < slots && started + asked <= room) {
                next.add(it);
                started += asked;
            }
        }
        return List.copyOf(next);
    }
}

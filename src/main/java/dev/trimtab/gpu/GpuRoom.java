package dev.trimtab.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Chooses who may start, if only so many GPUs may start at the same time. */
public final class GpuRoom {
    private GpuRoom() {}

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

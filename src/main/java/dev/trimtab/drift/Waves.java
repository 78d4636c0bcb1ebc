package dev.trimtab.drift;

import java.util.ArrayList;
import java.util.List;

/**
 * In which order services are refreshed, so that those in flight together never start more GPUs than they may.
 *
 * @param waves those of one wave together, each wave after the one before it
 * @param tooLarge those that alone would start more
 */
public record Waves(List<List<Roll>> waves, List<Roll> tooLarge) {
    /** Also without a GPU: each is a new set of pods to schedule, and to watch. */
    public static final int AT_ONCE = 10;

    public Waves {
        waves = List.copyOf(waves);
        tooLarge = List.copyOf(tooLarge);
    }

    /** Each that fits is in one wave; in the order of namespaces and names, as far as there is room. */
    public static Waves plan(List<Roll> rolls, long maxGpus) {
        List<Roll> left = new ArrayList<>(rolls.stream().sorted().toList());
        List<Roll> tooLarge = left.stream().filter(it -> it.cards() > maxGpus).toList();
        left.removeAll(tooLarge);
        List<List<Roll>> waves = new ArrayList<>();
        while (!left.isEmpty()) {
            List<Roll> wave = new ArrayList<>();
            long gpus = 0;
            for (Roll roll : left) {
                if (wave.size() < AT_ONCE && gpus + roll.cards() <= maxGpus) {
                    wave.add(roll);
                    gpus += roll.cards();
                }
            }
            left.removeAll(wave);
            waves.add(List.copyOf(wave));
        }
        return new Waves(waves, tooLarge);
    }
}

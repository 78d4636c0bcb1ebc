package dev.trimtab.drift;

import dev.trimtab.lifecycle.GpuCount;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * GPUs as a number, for a limit that is one. What asks for cards counts as it is, the part of a card as a whole one:
 * memory, cores, a percentage or a fraction do not say with whom it is shared.
 */
final class Cards {
    /** Names that count something else than cards. */
    private static final Pattern PART =
            Pattern.compile("(?i).*(mem|core|ratio|percentage|fraction).*|koordinator\\.sh/gpu|metax-tech\\.com/v.*");

    private Cards() {}

    /** Of one pod. */
    static long of(GpuCount pod) {
        BigDecimal cards = BigDecimal.ZERO;
        for (Map.Entry<String, BigDecimal> resource : pod.byResource().entrySet()) {
            if (!PART.matcher(resource.getKey()).matches()) {
                cards = cards.add(resource.getValue());
            }
        }
        return Math.max(
                pod.isNone() ? 0 : 1, cards.setScale(0, RoundingMode.CEILING).longValue());
    }
}

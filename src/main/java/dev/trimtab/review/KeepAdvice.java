package dev.trimtab.review;

import com.fasterxml.jackson.core.JsonPointer;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.rules.Decision;
import dev.trimtab.schedule.Keep;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A warning for the author of a {@code trimtab.dev/keep} that no schedule can read, given once. As with a stop, no rule
 * runs for it: the annotation comes by an UPDATE that changes no {@code spec}.
 */
final class KeepAdvice {
    private static final String ID = "keep";

    /** Long before each end of a keep: one that is over is no problem. */
    private static final Instant BEFORE_ALL = Instant.EPOCH;

    private KeepAdvice() {}

    static List<Decision> of(Manifest object, Optional<Manifest> stored) {
        return problem(object).filter(it -> !stored.flatMap(KeepAdvice::problem).equals(Optional.of(it))).stream()
                .<Decision>map(it -> new Decision.Warned(ID, at(object), it))
                .toList();
    }

    private static Optional<String> problem(Manifest object) {
        return Keep.of(object, BEFORE_ALL) instanceof Keep.Invalid it ? Optional.of(it.problem()) : Optional.empty();
    }

    private static JsonPointer at(Manifest object) {
        boolean kept = object.annotations().has(Keep.KEY);
        return Pointers.of("metadata", "annotations", kept ? Keep.KEY : Keep.UNTIL);
    }
}

package dev.trimtab.knative.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.golang.GoValues;
import dev.trimtab.manifest.ScaleAnnotation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The two {@code serving.knative.dev/} annotations that hold a duration of whole seconds, 0 or more; "" is as good as
 * none.
 */
enum DurationAnnotation {
    /** How long traffic moves to a new revision; on the Service's own metadata. */
    ROLLOUT_DURATION("rollout-duration", "rolloutDuration"),
    /** How long a revision may take to come up; in the template. */
    PROGRESS_DEADLINE("progress-deadline");

    private static final String GROUP = "serving.knative.dev/";

    private final String word;
    /** The older spelling; the same where there is none. */
    private final String olderWord;

    DurationAnnotation(String word) {
        this(word, word);
    }

    DurationAnnotation(String word, String olderWord) {
        this.word = word;
        this.olderWord = olderWord;
    }

    List<FieldProblem> check(JsonNode annotations) {
        return ScaleAnnotation.Found.first(annotations, List.of(GROUP + word, GROUP + olderWord))
                .filter(found -> !found.value().isEmpty())
                .map(this::check)
                .orElse(List.of());
    }

    private List<FieldProblem> check(ScaleAnnotation.Found found) {
        Optional<Duration> duration = GoValues.duration(found.value());
        if (duration.isEmpty()) {
            return List.of(FieldProblem.invalidValue(found.value(), found.key()));
        }
        if (duration.get().toNanosPart() != 0) {
            return List.of(FieldProblem.of(word + "=" + found.value() + " is not at second precision", found.key()));
        }
        return duration.get().isNegative()
                ? List.of(FieldProblem.of(word + "=" + found.value() + " must be positive", found.key()))
                : List.of();
    }
}

package dev.trimtab.aibrix;

import dev.trimtab.manifest.Annotations;
import dev.trimtab.policy.AibrixCheck;
import java.util.ArrayList;
import java.util.List;

/**
 * An annotation of AIBrix does not parse or is outside of what works. AIBrix logs it, keeps its default, and
 * applies the other annotations or not, as Go's random order has it (podautoscaler_controller.go 1334-1339).
 *
 * <p>The message says which values work.
 */
final class AnnotationValueCheck implements Check {
    @Override
    public AibrixCheck id() {
        return AibrixCheck.A12;
    }

    @Override
    public List<Problem> find(Examined examined) {
        Annotations annotations = examined.autoscaler().annotations();
        List<Problem> problems = new ArrayList<>();
        AnnotationKeys.VALUES.forEach((key, value) -> annotations
                .text(key)
                .filter(text -> !value.takes(text))
                .ifPresent(text -> problems.add(new Problem(
                        id(),
                        AnnotationKeys.path(key),
                        key + "=" + text,
                        "\"%s\" is not %s: AIBrix takes its default, and perhaps not your other annotations"
                                .formatted(AnnotationKeys.shortened(text), value.expected())))));
        return problems;
    }
}

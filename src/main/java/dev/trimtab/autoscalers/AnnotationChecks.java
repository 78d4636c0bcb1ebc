package dev.trimtab.autoscalers;

import dev.trimtab.autoscalers.AnnotationKeys.DeadKey;
import dev.trimtab.autoscalers.Problem.Fault;
import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.manifest.Annotations;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.ClosestWord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

final class AnnotationChecks {
    private AnnotationChecks() {}

    /**
     * Scale to zero needs both {@code minReplicas: 0} and the annotation {@code autoscaling.aibrix.ai/scale-to-zero:
     * "true"}; with one of them the last replica stays.
     */
    static List<Fault> scaleToZero(CheckInput input) {
        PodAutoscaler one = input.autoscaler();
        boolean asked = one.annotations()
                .text(AnnotationKeys.SCALE_TO_ZERO)
                .flatMap(GoParsing::bool)
                .orElse(false);
        int min = one.minReplicas();
        if (min == 0 && !asked && !one.strategy().equals("HPA")) {
            return List.of(new Fault(
                    "/spec/minReplicas",
                    "0",
                    "0 takes effect only with annotation %s: \"true\"; without it the last replica stays"
                            .formatted(AnnotationKeys.SCALE_TO_ZERO)));
        }
        if (min > 0 && asked) {
            return List.of(new Fault(
                    AnnotationKeys.path(AnnotationKeys.SCALE_TO_ZERO),
                    "min=" + min,
                    "takes effect only with minReplicas 0, which is %d: the last replicas stay; write 0 or drop it"
                            .formatted(min)));
        }
        return List.of();
    }

    /**
     * An annotation of AIBrix does not parse or is outside of what works. AIBrix logs it, keeps its default, and
     * applies the other annotations or not, as Go's random order has it (podautoscaler_controller.go 1334-1339).
     *
     * <p>The message says which values work.
     */
    static List<Fault> annotationValue(CheckInput input) {
        Annotations annotations = input.autoscaler().annotations();
        List<Fault> faults = new ArrayList<>();
        AnnotationKeys.VALUES.forEach((key, value) -> annotations
                .text(key)
                .filter(text -> !value.takes(text))
                .ifPresent(text -> faults.add(new Fault(
                        AnnotationKeys.path(key),
                        key + "=" + text,
                        "\"%s\" is not %s: AIBrix takes its default, and perhaps not your other annotations"
                                .formatted(AnnotationKeys.shortened(text), value.expected())))));
        return faults;
    }

    /**
     * An annotation that no release since 0.5 reads: AIBrix's rewrite of its autoscalers (#1575, #1622) took the
     * readers of these keys away, and its own samples still have them. What they say is silently ignored.
     *
     * <p>Write the field or key that took its place; with {@code aibrix.rewriteDeadKeys: true} in the policy Trimtab
     * writes it beside the dead one.
     */
    static List<Fault> deadKey(CheckInput input) {
        List<Fault> faults = new ArrayList<>();
        for (String key : AnnotationKeys.ofAibrix(input.autoscaler().annotations())) {
            Optional<DeadKey> dead = DeadKey.of(key);
            if (dead.filter(it -> !it.isWrittenAnew(input.autoscaler())).isPresent()) {
                faults.add(fault(
                        key,
                        "not read since AIBrix 0.5: "
                                + dead.get().remedy(input.cluster().hasWindowFields())));
            } else if (dead.isEmpty() && !AnnotationKeys.VALUES.containsKey(key)) {
                String near = ClosestWord.to(key, List.copyOf(AnnotationKeys.VALUES.keySet()))
                        .map(it -> ": did you mean " + it + "?")
                        .orElse(": remove it");
                faults.add(fault(key, "AIBrix does not read it" + near));
            }
        }
        return faults;
    }

    private static Fault fault(String key, String message) {
        return new Fault(AnnotationKeys.path(key), key, message);
    }

    /**
     * A key of AIBrix among the labels. Before #665 they were labels; since then only annotations are read, and a
     * scale-down of 30 minutes was the default that people got instead (aibrix#1159).
     *
     * <p>Move it to {@code metadata.annotations}.
     */
    static List<Fault> label(CheckInput input) {
        return input.autoscaler().labels().keySet().stream()
                .filter(AnnotationKeys::isAibrix)
                .sorted()
                .map(key -> new Fault(
                        Pointers.of("metadata", "labels", key),
                        key,
                        "AIBrix reads it among the annotations only: move it to metadata.annotations"))
                .toList();
    }
}

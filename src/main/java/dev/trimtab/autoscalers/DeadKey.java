package dev.trimtab.autoscalers;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.knative.golang.GoValues;
import dev.trimtab.manifest.Pointers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An annotation that lost its reader in AIBrix 0.5, and what took its place.
 *
 * @param successor the annotation or field of {@code spec}; empty where nothing does what it did
 */
record DeadKey(String key, String successor) {
    private static final String KPA = "kpa." + AnnotationKeys.PREFIX;
    private static final String APA = "apa." + AnnotationKeys.PREFIX;
    private static final List<String> WINDOWS = List.of("observeWindowSeconds", "panicWindowSeconds");
    private static final int LONGEST_WINDOW = 3600;

    private static final Map<String, String> SUCCESSORS = Map.ofEntries(
            Map.entry(KPA + "scale-down-delay", AnnotationKeys.PREFIX + "scale-down-cooldown-window"),
            Map.entry(KPA + "stable-window", WINDOWS.get(0)),
            Map.entry(APA + "window", WINDOWS.get(0)),
            Map.entry(KPA + "panic-window", WINDOWS.get(1)),
            Map.entry(KPA + "panic-threshold", AnnotationKeys.PREFIX + "panic-threshold"),
            Map.entry(KPA + "target-burst-capacity", ""),
            Map.entry(KPA + "activation-scale", ""),
            Map.entry(AnnotationKeys.PREFIX + "up-fluctuation-tolerance", AnnotationKeys.PREFIX + "scale-up-tolerance"),
            Map.entry(
                    AnnotationKeys.PREFIX + "down-fluctuation-tolerance",
                    AnnotationKeys.PREFIX + "scale-down-tolerance"));

    static Optional<DeadKey> of(String key) {
        return Optional.ofNullable(SUCCESSORS.get(key)).map(successor -> new DeadKey(key, successor));
    }

    boolean isWindow() {
        return WINDOWS.contains(successor);
    }

    /** Where the successor stands; empty where there is none. */
    Optional<JsonPointer> place() {
        if (successor.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                isWindow() ? Pointers.of("spec", successor) : Pointers.of("metadata", "annotations", successor));
    }

    /** Whether the author, or Trimtab, has written the successor too: then the dead one does no harm. */
    boolean isWrittenAnew(PodAutoscaler autoscaler) {
        return place().filter(at -> !Pointers.isAbsent(autoscaler.root().at(at)))
                .isPresent();
    }

    /** What to write instead of a value; empty where it says nothing that the successor takes. */
    Optional<JsonNode> value(String text) {
        if (isWindow()) {
            return GoValues.duration(text)
                    .map(Duration::toSeconds)
                    .filter(seconds -> seconds >= 1 && seconds <= LONGEST_WINDOW)
                    .map(seconds -> IntNode.valueOf(seconds.intValue()));
        }
        AnnotationKeys.Value takes = AnnotationKeys.VALUES.get(successor);
        return takes != null && takes.takes(text) ? Optional.of(TextNode.valueOf(text)) : Optional.empty();
    }

    String remedy(boolean hasWindowFields) {
        if (successor.isEmpty()) {
            return "nothing took its place; remove it";
        }
        if (!isWindow()) {
            return "write " + successor;
        }
        return hasWindowFields
                ? "write spec." + successor + ", in seconds"
                : "write spec." + successor + " where the CRD has it (after AIBrix 0.7), else remove it";
    }
}

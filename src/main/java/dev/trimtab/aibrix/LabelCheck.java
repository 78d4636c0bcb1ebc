package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
import java.util.List;

/**
 * A key of AIBrix among the labels. Before #665 they were labels; since then only annotations are read, and a
 * scale-down of 30 minutes was the default that people got instead (aibrix#1159).
 *
 * <p>Move it to {@code metadata.annotations}.
 */
final class LabelCheck implements Check {
    @Override
    public AibrixCheck id() {
        return AibrixCheck.A14;
    }

    @Override
    public List<Problem> find(Examined examined) {
        return examined.autoscaler().labels().keySet().stream()
                .filter(AnnotationKeys::isAibrix)
                .sorted()
                .map(key -> new Problem(
                        id(),
                        "metadata.labels[\"%s\"]".formatted(key),
                        key,
                        "AIBrix reads it among the annotations only: move it to metadata.annotations"))
                .toList();
    }
}

package dev.trimtab.drift;

import dev.trimtab.drift.Inspected.Finding;
import dev.trimtab.drift.Inspected.Skipped;
import dev.trimtab.gpu.GpuCount;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What came of looking at a cluster, in order.
 *
 * @param rolls all that was looked at, put together
 * @param leftOut what no refresh would change
 */
public record Report(List<RefreshGroup> rolls, List<Skipped> leftOut) {
    public Report {
        rolls = List.copyOf(rolls);
        leftOut = List.copyOf(leftOut);
    }

    public static Report of(List<Inspected> looks) {
        List<Skipped> leftOut = looks.stream()
                .filter(Skipped.class::isInstance)
                .map(Skipped.class::cast)
                .sorted((one, other) -> one.key().compareTo(other.key()))
                .toList();
        return new Report(RefreshGroup.of(looks), leftOut);
    }

    /** Each object, with what it is refreshed with. */
    public Stream<Finding> findings() {
        return rolls.stream().flatMap(RefreshGroup::findings);
    }

    public long objects() {
        return findings().count();
    }

    public long namespaces() {
        return findings().map(it -> it.key().namespace()).distinct().count();
    }

    public long differing() {
        return findings().filter(Finding::differs).count();
    }

    /** How many of these differ by the policy in force too, where another one was asked about. */
    public long alreadyDiffering() {
        return findings().filter(it -> it.differs() && it.differsNow()).count();
    }

    public long revisions() {
        return rolls.stream().mapToLong(it -> it.rolled().size()).sum();
    }

    public GpuCount gpus() {
        return rolls.stream().map(RefreshGroup::gpus).reduce(GpuCount.NONE, GpuCount::plus);
    }

    public long cards() {
        return rolls.stream().mapToLong(RefreshGroup::cards).sum();
    }

    /** Those of which a refresh would write something. */
    public List<RefreshGroup> refreshable() {
        return rolls.stream().filter(it -> !it.refreshed().isEmpty()).toList();
    }

    /** The one of an object; of what KServe rendered, as if nothing else of its InferenceService differed. */
    public Optional<RefreshGroup> find(ObjectKey key) {
        return rolls.stream().flatMap(it -> it.only(key).stream()).findFirst();
    }
}

package dev.trimtab.drift;

import dev.trimtab.drift.Inspected.Finding;
import dev.trimtab.drift.Inspected.Skipped;
import dev.trimtab.gpu.GpuCount;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The differences that a refresh would make on a cluster, sorted. */
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

    /** How many of the differing objects differ under the policy in force too. */
    public long alreadyDiffering() {
        return findings().filter(it -> it.differs() && it.differsNow()).count();
    }

    public long revisions() {
        return rolls.stream().mapToLong(it -> it.rolled().size()).sum();
    }

    public GpuCount gpus() {
        return rolls.stream().map(RefreshGroup::gpus).reduce(GpuCount.NONE, GpuCount::plus);
    }

    public long gpuCount() {
        return rolls.stream().mapToLong(RefreshGroup::gpuCount).sum();
    }

    public List<RefreshGroup> refreshable() {
        return rolls.stream().filter(it -> !it.refreshed().isEmpty()).toList();
    }

    /** The group of an object. For a rendered object, a group of it alone. */
    public Optional<RefreshGroup> find(ObjectKey key) {
        return rolls.stream().flatMap(it -> it.only(key).stream()).findFirst();
    }
}

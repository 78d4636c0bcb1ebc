package dev.trimtab.drift;

import dev.trimtab.drift.Inspected.Finding;
import dev.trimtab.gpu.GpuCount;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Objects that are refreshed together: an InferenceService or InferenceGraph with what KServe rendered for it, or one
 * hand-written Service.
 *
 * <p>The refresh is written on the rendered Services. KServe neither compares nor strips their metadata, so only
 * Services that differ get new pods. If the InferenceService itself would change, the refresh is written there. KServe
 * copies that annotation into all pods; one on the Services too would start new pods twice.
 */
public record RefreshGroup(Finding whole, List<Finding> rendered) implements Comparable<RefreshGroup> {
    public RefreshGroup {
        rendered = List.copyOf(rendered);
    }

    public static List<RefreshGroup> of(List<Inspected> looks) {
        Map<ObjectKey, Finding> known = new TreeMap<>();
        Set<ObjectKey> leftOut = new HashSet<>();
        for (Inspected look : looks) {
            if (look instanceof Finding finding) {
                known.put(finding.key(), finding);
            } else {
                leftOut.add(look.key());
            }
        }
        known.values().removeIf(it -> it.owner().filter(leftOut::contains).isPresent());
        Map<ObjectKey, List<Finding>> parts = new TreeMap<>();
        for (Finding finding : known.values()) {
            ObjectKey root = finding.owner().filter(known::containsKey).orElse(finding.key());
            List<Finding> of = parts.computeIfAbsent(root, key -> new ArrayList<>());
            if (!root.equals(finding.key())) {
                of.add(finding);
            }
        }
        List<RefreshGroup> rolls = new ArrayList<>();
        parts.forEach((root, rendered) -> rolls.add(new RefreshGroup(known.get(root), rendered)));
        return rolls;
    }

    public ObjectKey key() {
        return whole.key();
    }

    public List<Finding> refreshed() {
        return whole.isRefreshed()
                ? List.of(whole)
                : rendered.stream().filter(Finding::isRefreshed).toList();
    }

    /** The objects that get a new revision. */
    public List<Finding> rolled() {
        if (whole.rolls() && !whole.kind().isRendered()) {
            return List.of(whole);
        }
        return whole.rolls()
                ? rendered
                : rendered.stream().filter(Finding::rolls).toList();
    }

    public Stream<Finding> findings() {
        return Stream.concat(Stream.of(whole), rendered.stream());
    }

    public List<Finding> blocked() {
        return findings().filter(Finding::isBlocked).toList();
    }

    /** This group, or a group of the rendered object alone. Empty if the object is not in this group. */
    Optional<RefreshGroup> only(ObjectKey key) {
        return key().equals(key)
                ? Optional.of(this)
                : rendered.stream()
                        .filter(it -> it.key().equals(key))
                        .map(it -> new RefreshGroup(it, List.of()))
                        .findFirst();
    }

    public GpuCount gpus() {
        return rolled().stream().map(Finding::gpus).reduce(GpuCount.NONE, GpuCount::plus);
    }

    public long gpuCount() {
        return rolled().stream().mapToLong(Finding::gpuCount).sum();
    }

    @Override
    public int compareTo(RefreshGroup other) {
        return key().compareTo(other.key());
    }
}

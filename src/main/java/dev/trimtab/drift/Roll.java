package dev.trimtab.drift;

import dev.trimtab.lifecycle.GpuCount;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is refreshed together: an InferenceService or InferenceGraph with what KServe rendered for it, or a Service that
 * somebody wrote.
 *
 * <p>What KServe rendered is refreshed there: KServe neither compares nor strips the metadata of its Services, so only what
 * differs gets new pods. Where the InferenceService itself would change, its own annotation is the refresh: KServe copies it
 * into all of its pods, and what comes anew is filled by the policy of now; a second one on its Services would roll them
 * twice.
 */
public record Roll(Finding whole, List<Finding> rendered) implements Comparable<Roll> {
    public Roll {
        rendered = List.copyOf(rendered);
    }

    /** All that was found, put together. In order. */
    public static List<Roll> of(List<Look> looks) {
        Map<ObjectKey, Finding> known = new TreeMap<>();
        Set<ObjectKey> leftOut = new HashSet<>();
        for (Look look : looks) {
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
        List<Roll> rolls = new ArrayList<>();
        parts.forEach((root, rendered) -> rolls.add(new Roll(known.get(root), rendered)));
        return rolls;
    }

    public ObjectKey key() {
        return whole.key();
    }

    /** The objects that the refresh is written on. */
    public List<Finding> refreshed() {
        return whole.isRefreshed()
                ? List.of(whole)
                : rendered.stream().filter(Finding::isRefreshed).toList();
    }

    /** The objects that get a new revision by it. */
    public List<Finding> rolled() {
        if (whole.rolls() && !whole.kind().isRendered()) {
            return List.of(whole);
        }
        return whole.rolls()
                ? rendered
                : rendered.stream().filter(Finding::rolls).toList();
    }

    /** All of its objects. */
    public Stream<Finding> findings() {
        return Stream.concat(Stream.of(whole), rendered.stream());
    }

    /** Those of its objects that differ, and cannot be refreshed. */
    public List<Finding> blocked() {
        return findings().filter(Finding::isBlocked).toList();
    }

    /** This one, or one of what KServe rendered for it; empty where it has no such object. */
    Optional<Roll> only(ObjectKey key) {
        return key().equals(key)
                ? Optional.of(this)
                : rendered.stream()
                        .filter(it -> it.key().equals(key))
                        .map(it -> new Roll(it, List.of()))
                        .findFirst();
    }

    public GpuCount gpus() {
        return rolled().stream().map(Finding::gpus).reduce(GpuCount.NONE, GpuCount::plus);
    }

    /** As {@link Cards} counts them. */
    public long cards() {
        return rolled().stream().mapToLong(Finding::cards).sum();
    }

    @Override
    public int compareTo(Roll other) {
        return key().compareTo(other.key());
    }
}

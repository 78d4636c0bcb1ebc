package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where our fills stand in a stored object.
 *
 * @param record which they are
 */
record PlacesOfFills(ObjectNode stored, FillRecord record) {
    /**
     * Whether there is still a place for each of our fills: a component, a container or an entry before ours that is
     * gone was its author's to take out, and is a change.
     */
    boolean areIn(ObjectNode incoming) {
        boolean sameComponents =
                !new Manifest(incoming).kind().isRendered() || names(incoming).containsAll(names(stored));
        return sameComponents
                && record.filled().keySet().stream()
                        .filter(at -> !Pointers.isAbsent(stored.at(at)))
                        .allMatch(at -> hasRoom(incoming, at));
    }

    private static Set<String> names(ObjectNode object) {
        return Component.of(object).stream().map(Component::name).collect(Collectors.toSet());
    }

    /** Every list on the way to a place must be a list here too, and long enough. */
    private boolean hasRoom(ObjectNode incoming, JsonPointer at) {
        for (JsonPointer element = at; !element.matches(); element = element.head()) {
            JsonPointer list = element.head();
            if (!list.matches() && stored.at(list).isArray()) {
                int size = incoming.at(list).isArray() ? incoming.at(list).size() : 0;
                int least = element.equals(at)
                        ? Math.max(1, firstOfOurs(list))
                        : element.last().getMatchingIndex() + 1;
                if (size < least) {
                    return false;
                }
            }
        }
        return true;
    }

    private int firstOfOurs(JsonPointer list) {
        return record.filled().keySet().stream()
                .filter(at -> list.equals(at.head()))
                .mapToInt(at -> at.last().getMatchingIndex())
                .min()
                .orElse(0);
    }
}
